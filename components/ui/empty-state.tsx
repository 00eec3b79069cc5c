import type { ReactNode } from 'react'

interface EmptyStateProps {
  /** A line drawing, given as an icon at large size. */
  drawing: ReactNode
  title: string
  text?: string
  action?: ReactNode
}

export function EmptyState({ drawing, title, text, action }: EmptyStateProps) {
  return (
    <div className="appear mx-auto flex max-w-md flex-col items-center gap-3 px-6 py-16 text-center">
      <span aria-hidden className="mb-3 flex size-24 items-center justify-center rounded-full bg-accent-soft text-accent">
        {drawing}
      </span>
      <p className="text-balance font-strong text-20">{title}</p>
      {text ? <p className="text-balance text-muted">{text}</p> : null}
      {action ? <div className="mt-3 flex flex-wrap justify-center gap-3">{action}</div> : null}
    </div>
  )
}
