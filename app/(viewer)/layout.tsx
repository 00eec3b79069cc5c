import type { ReactNode } from 'react'
import { ReminderWatch } from '@/components/notifications/reminder-watch'

/** Every screen of somebody who is signed in, the player too. */
export default function ViewerLayout({ children }: { children: ReactNode }) {
  return (
    <>
      {children}
      <ReminderWatch />
    </>
  )
}
