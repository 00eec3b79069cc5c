import { memo } from 'react'
import { HOUR, MINUTE } from '@/lib/kernel/time'
import { type Geometry, toX } from './geometry'
import { midnightOf, sayDay, sayTime } from './guide-words'

interface TimeRulerProps {
  geometry: Geometry
  from: number
  to: number
  left: number
  now: number
}

/** Hours and half hours over the grid, with the day at its corner. Every cell says its own time, so nobody hears this. */
export const TimeRuler = memo(function TimeRuler({ geometry, from, to, left, now }: TimeRulerProps) {
  const { hourWidth, columnWidth, rulerHeight, start, end } = geometry
  const step = hourWidth < 200 ? HOUR : HOUR / 2
  const ticks: number[] = []
  for (let at = start + Math.floor((from - start) / step) * step; at <= to; at += step) ticks.push(at)
  return (
    <div
      aria-hidden
      className="hairline-b sticky top-0 z-3 bg-canvas"
      style={{ height: rulerHeight, width: columnWidth + toX(geometry, end) }}
    >
      <span
        className="hairline-r sticky left-0 z-1 flex h-full items-center bg-canvas font-strong text-14"
        style={{ width: columnWidth }}
      >
        {sayDay(Math.max(left, start), now)}
      </span>
      {ticks.map(at => (
        <span
          key={at}
          className="absolute inset-y-0 flex items-center border-line border-l pl-2 text-12 text-muted tabular-nums"
          style={{ left: columnWidth + toX(geometry, at) }}
        >
          {at - midnightOf(at) < MINUTE ? <span className="mr-2 font-strong text-text">{sayDay(at, now)}</span> : null}
          {sayTime(at)}
        </span>
      ))}
      <span
        className="-translate-x-1/2 absolute bottom-0 rounded-full bg-accent px-2 py-0.5 font-strong text-12 text-on-accent tabular-nums"
        style={{ left: columnWidth + toX(geometry, now) }}
      >
        {sayTime(now)}
      </span>
    </div>
  )
})
