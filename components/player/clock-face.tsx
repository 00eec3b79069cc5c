'use client'

import { sayClock } from '@/components/shell/say-time'
import { useClock } from '@/components/shell/use-clock'

export function ClockFace() {
  const now = new Date(useClock()).toISOString()
  return (
    <time dateTime={now} className="shrink-0 whitespace-nowrap font-strong text-16 tabular-nums md:text-20">
      {sayClock(now)}
    </time>
  )
}
