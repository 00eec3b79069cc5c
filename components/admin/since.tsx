'use client'

import { sayTicking } from './say-traffic'
import { useSecond } from './use-second'

/** How long, ticking by itself: the row around it stays still. */
export function Since({ start }: { start: string }) {
  const now = useSecond()
  return <time dateTime={start}>{sayTicking((now - Date.parse(start)) / 1_000)}</time>
}
