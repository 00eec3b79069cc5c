import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'

interface MoreOptionsProps {
  label: string
  /** Something inside was refused: it must be seen. */
  open?: boolean
  onToggle?: (open: boolean) => void
  children: ReactNode
}

/** What most people never change, folded away. */
export function MoreOptions({ label, open = false, onToggle, children }: MoreOptionsProps) {
  return (
    <details className="group" open={open ? true : undefined} onToggle={event => onToggle?.(event.currentTarget.open)}>
      <summary
        data-focusable
        className="flex h-11 w-full cursor-pointer list-none items-center gap-2 rounded-cell pr-3 text-14 text-muted hover:text-text"
      >
        <ChevronRight aria-hidden size="1.125rem" className="transition-transform duration-120 group-open:rotate-90" />
        {label}
      </summary>
      <div className="mt-3 flex flex-col gap-5">{children}</div>
    </details>
  )
}
