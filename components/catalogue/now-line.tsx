'use client'

import { useQuery } from '@tanstack/react-query'
import { sayClock } from '@/components/shell/say-time'
import { useClock } from '@/components/shell/use-clock'
import { nowQuery } from './now-query'

interface NowLineProps {
  channelId: number
  /** Also what comes next, where there is room. */
  withNext?: boolean
}

/** What is on now, with how far it is. Keeps its height while nothing is known. */
export function NowLine({ channelId, withNext = false }: NowLineProps) {
  const { data } = useQuery(nowQuery(channelId))
  const clock = useClock()
  if (!data) return <span className="block h-5 truncate text-14 text-faint">{data === null ? 'No guide information' : ''}</span>
  const start = Date.parse(data.start)
  const end = Date.parse(data.end)
  const percent = end > start ? Math.min(100, Math.max(0, ((clock - start) / (end - start)) * 100)) : 0
  return (
    <span className="flex h-5 min-w-0 items-center gap-3 text-14">
      <span className="min-w-0 truncate text-muted">{data.title}</span>
      <span aria-hidden className="h-1 w-8 shrink-0 md:w-14 overflow-hidden rounded-full bg-fill-strong">
        <span className="block h-full rounded-full bg-accent" style={{ width: `${percent}%` }} />
      </span>
      {withNext && data.next ? (
        <span className="hidden min-w-0 truncate text-faint lg:block">
          {sayClock(data.next.start)} {data.next.title}
        </span>
      ) : null}
    </span>
  )
}
