'use client'

import { useSecond } from '@/components/shell/use-clock'
import { sayTicking } from './say-traffic'

/** How long, ticking by itself: the row around it stays still. */
export function Since({ start }: { start: string }) {
  const now = useSecond()
  return <time dateTime={start}>{sayTicking((now - Date.parse(start)) / 1_000)}</time>
}
