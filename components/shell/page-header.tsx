import type { ReactNode } from 'react'
import { Bell } from '@/components/notifications/bell'
import { PhoneMenu } from './phone-menu'

interface PageHeaderProps {
  title: string
  /** The title is said, not shown (Home begins with its picture). */
  quiet?: boolean
  children?: ReactNode
}

/** The quiet first line of a screen: its name at the left, what acts on it at the right. */
export function PageHeader({ title, quiet = false, children }: PageHeaderProps) {
  return (
    <header className="flex min-h-16 flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3 md:min-h-20">
      <h1 className={quiet ? 'sr-only' : 'font-title text-28'}>{title}</h1>
      <div className={`flex flex-wrap items-center gap-2 ${quiet ? 'ml-auto' : ''}`}>
        {children}
        <Bell />
        <PhoneMenu />
      </div>
    </header>
  )
}
