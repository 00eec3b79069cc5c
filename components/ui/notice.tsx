import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

interface NoticeProps {
  tone: 'info' | 'warn' | 'danger'
  /** Read out at once (a form was refused) or only when reached. */
  live?: boolean
  children: ReactNode
}

const looks = {
  info: { Icon: Info, color: 'text-accent' },
  warn: { Icon: TriangleAlert, color: 'text-warn' },
  danger: { Icon: CircleAlert, color: 'text-danger' },
}

/** One or two sentences that stand inside a screen. */
export function Notice({ tone, live = false, children }: NoticeProps) {
  const { Icon, color } = looks[tone]
  return (
    <div role={live ? 'alert' : undefined} className="hairline flex items-start gap-3 rounded-cell bg-fill px-4 py-3 text-14">
      <Icon aria-hidden size="1.25rem" strokeWidth={1.75} className={`shrink-0 ${color}`} />
      <div className="min-w-0">{children}</div>
    </div>
  )
}
