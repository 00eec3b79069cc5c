import type { ReactNode } from 'react'
import { ReminderWatch } from '@/components/notifications/reminder-watch'
import { PlayerHost } from '@/components/player/player-host'
import { RealtimeNews } from '@/components/shell/realtime/realtime-news'

/** Every screen of somebody who is signed in, the player too. */
export default function ViewerLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <RealtimeNews />
      {children}
      <PlayerHost />
      <ReminderWatch />
    </>
  )
}
