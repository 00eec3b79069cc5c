'use client'

import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import type { TimeRange } from './engine/stream-shapes'
import { sayPosition, speakPosition } from './say-position'

interface SeekBarProps {
  start: number
  end: number
  position: number
  buffered: readonly TimeRange[]
  /** Channels count backwards from now. */
  live: boolean
  onSeek: (seconds: number) => void
  /** Until where there is something to play; all of it when absent. */
  reach?: number
  /** Words for a place, where time since the beginning says too little. */
  say?: (seconds: number) => string
}

const STEP = 10
const PAGE = 60

const steps: Readonly<Record<string, number>> = { ArrowLeft: -STEP, ArrowRight: STEP, PageDown: -PAGE, PageUp: PAGE }

/** Where a key leads, in seconds; null for keys that mean nothing here. */
function targetOf(key: string, line: { start: number; end: number; position: number }): number | null {
  if (key === 'Home') return line.start
  if (key === 'End') return line.end
  const step = steps[key]
  return step === undefined ? null : line.position + step
}

/** What time a pointer stands on. */
function TimeTip({ text, left }: { text: string; left: string }) {
  return (
    <span
      aria-hidden
      className="pointer-events-none absolute bottom-8 -translate-x-1/2 rounded-cell bg-raised px-2 py-1 text-14 tabular-nums shadow-float"
      style={{ left: `clamp(2rem, ${left}, calc(100% - 2rem))` }}
    >
      {text}
    </span>
  )
}

interface TrackProps {
  /** Where what can be played ends; null when all of it can. */
  reach: string | null
  shown: string
  buffered: readonly TimeRange[]
  percent: (seconds: number) => string
}

function Track({ reach, shown, buffered, percent }: TrackProps) {
  return (
    <div
      className={`relative h-1 w-full overflow-hidden rounded-full transition-[height] duration-120 group-hover:h-1.5 group-focus-visible:h-1.5 ${reach === null ? 'bg-white/20' : 'bg-white/12'}`}
    >
      {reach === null ? null : <span className="absolute inset-y-0 left-0 bg-white/15" style={{ width: reach }} />}
      {buffered.map(range => (
        <span
          key={range.start}
          className="absolute inset-y-0 bg-white/35"
          style={{ left: percent(range.start), width: `calc(${percent(range.end)} - ${percent(range.start)})` }}
        />
      ))}
      <span className="absolute inset-y-0 left-0 bg-accent" style={{ width: shown }} />
    </div>
  )
}

/** The time line: what is buffered, where the picture stands, and where a pointer would go. */
export function SeekBar({ start, end, position, buffered, live, onSeek, reach = end, say: sayPlace }: SeekBarProps) {
  const bar = useRef<HTMLDivElement>(null)
  const [hover, setHover] = useState<number | null>(null)
  const [drag, setDrag] = useState<number | null>(null)
  const length = Math.max(0.001, end - start)
  const percent = (seconds: number) => `${Math.min(100, Math.max(0, ((seconds - start) / length) * 100))}%`
  const say = (seconds: number) => sayPlace?.(seconds) ?? (live ? `−${sayPosition(end - seconds)}` : sayPosition(seconds - start))
  const shown = drag ?? position
  const tip = drag ?? hover
  const spoken = live
    ? `${speakPosition(end - shown)} behind live`
    : (sayPlace?.(shown) ?? `${speakPosition(shown)} of ${speakPosition(end)}`)
  const at = (event: PointerEvent): number => {
    const box = bar.current?.getBoundingClientRect()
    return box ? start + Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * length : start
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const target = targetOf(event.key, { start, end, position })
    if (target === null) return
    event.preventDefault()
    event.stopPropagation()
    onSeek(target)
  }

  return (
    <div
      ref={bar}
      role="slider"
      tabIndex={0}
      aria-label="Seek"
      aria-valuemin={Math.round(start)}
      aria-valuemax={Math.round(end)}
      aria-valuenow={Math.round(shown)}
      aria-valuetext={spoken}
      className="group relative flex h-8 cursor-pointer touch-none items-center rounded-full"
      onKeyDown={onKeyDown}
      onMouseDown={event => event.preventDefault()}
      onPointerDown={event => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setDrag(at(event))
      }}
      onPointerMove={event => (drag === null ? event.pointerType === 'mouse' && setHover(at(event)) : setDrag(at(event)))}
      onPointerUp={event => {
        if (drag !== null) onSeek(at(event))
        setDrag(null)
      }}
      onPointerCancel={() => setDrag(null)}
      onPointerLeave={() => setHover(null)}
    >
      <Track reach={reach < end ? percent(reach) : null} shown={percent(shown)} buffered={buffered} percent={percent} />
      <span
        className="pointer-events-none absolute size-4 -translate-x-1/2 rounded-full bg-accent shadow-float transition-transform duration-120 group-hover:scale-115 group-focus-visible:scale-115"
        style={{ left: percent(shown) }}
      />
      {tip === null ? null : <TimeTip text={say(tip)} left={percent(tip)} />}
    </div>
  )
}
