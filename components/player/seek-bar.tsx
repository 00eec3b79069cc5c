'use client'

import { type KeyboardEvent, type PointerEvent, useState } from 'react'
import type { TimeRange } from './engine/stream-shapes'
import { sayPosition, speakPosition } from './say-position'

export interface Mark {
  start: number
  title: string
}

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
  /** Where parts of it begin. */
  marks?: readonly Mark[]
  /** The address of a small picture of a place; null where there is none. */
  thumbnail?: (seconds: number) => string | null
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
function TimeTip({ text, left, part, image }: { text: string; left: string; part: string | null; image: string | null }) {
  return (
    <span
      aria-hidden
      className="pointer-events-none absolute bottom-8 flex w-40 -translate-x-1/2 flex-col items-center"
      style={{ left: `clamp(5rem, ${left}, calc(100% - 5rem))` }}
    >
      {image === null ? null : (
        // biome-ignore lint/performance/noImgElement: small pictures of our own server, one after another
        <img
          src={image}
          alt=""
          // A place without a picture leaves no empty box.
          onError={event => event.currentTarget.setAttribute('hidden', '')}
          onLoad={event => event.currentTarget.removeAttribute('hidden')}
          className="mb-1 aspect-video w-40 rounded-cell bg-black object-contain shadow-float"
        />
      )}
      <span className="max-w-full rounded-cell bg-raised px-2 py-1 text-center text-14 shadow-float">
        {part === null ? null : <span className="block truncate text-12">{part}</span>}
        <span className="tabular-nums">{text}</span>
      </span>
    </span>
  )
}

interface TrackProps {
  /** Where what can be played ends; null when all of it can. */
  reach: string | null
  shown: string
  buffered: readonly TimeRange[]
  percent: (seconds: number) => string
  marks: readonly Mark[]
}

function Track({ reach, shown, buffered, percent, marks }: TrackProps) {
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
      {marks.map(mark => (
        <span
          key={mark.start}
          data-mark
          className="absolute inset-y-0 w-0.75 -translate-x-1/2 bg-canvas"
          style={{ left: percent(mark.start) }}
        />
      ))}
    </div>
  )
}

/** Where a pointer hovers and drags, in seconds. */
function useBarPointer(start: number, length: number, onSeek: (seconds: number) => void) {
  const [hover, setHover] = useState<number | null>(null)
  const [drag, setDrag] = useState<number | null>(null)
  const at = (event: PointerEvent): number => {
    const box = event.currentTarget.getBoundingClientRect()
    return start + Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * length
  }
  const handlers = {
    onPointerDown: (event: PointerEvent) => {
      event.currentTarget.setPointerCapture(event.pointerId)
      setDrag(at(event))
    },
    onPointerMove: (event: PointerEvent) => {
      if (drag !== null) setDrag(at(event))
      else if (event.pointerType === 'mouse') setHover(at(event))
    },
    onPointerUp: (event: PointerEvent) => {
      if (drag !== null) onSeek(at(event))
      setDrag(null)
    },
    onPointerCancel: () => setDrag(null),
    onPointerLeave: () => setHover(null),
  }
  return { drag, hover, handlers }
}

/** The time line: what is buffered, where the picture stands, and where a pointer would go. */
export function SeekBar({
  start,
  end,
  position,
  buffered,
  live,
  onSeek,
  reach = end,
  say: sayPlace,
  marks = [],
  thumbnail,
}: SeekBarProps) {
  const length = Math.max(0.001, end - start)
  const percent = (seconds: number) => `${Math.min(100, Math.max(0, ((seconds - start) / length) * 100))}%`
  const say = (seconds: number) => sayPlace?.(seconds) ?? (live ? `−${sayPosition(end - seconds)}` : sayPosition(seconds - start))
  const { drag, hover, handlers } = useBarPointer(start, length, onSeek)
  const [focused, setFocused] = useState(false)
  const shown = drag ?? position
  const tip = drag ?? hover ?? (focused ? position : null)
  const partAt = (seconds: number) => marks.findLast(mark => mark.start <= seconds)?.title ?? null
  const place = live
    ? `${speakPosition(end - shown)} behind live`
    : (sayPlace?.(shown) ?? `${speakPosition(shown)} of ${speakPosition(end)}`)
  const spoken = [place, partAt(shown)].filter(part => part !== null).join(', ')
  const onKeyDown = (event: KeyboardEvent) => {
    const target = targetOf(event.key, { start, end, position })
    if (target === null) return
    event.preventDefault()
    event.stopPropagation()
    onSeek(target)
  }

  return (
    <div
      role="slider"
      tabIndex={0}
      data-focusable
      aria-label="Seek"
      aria-valuemin={Math.round(start)}
      aria-valuemax={Math.round(end)}
      aria-valuenow={Math.round(shown)}
      aria-valuetext={spoken}
      className="group relative flex h-8 cursor-pointer touch-none items-center rounded-full"
      onFocus={event => setFocused(event.currentTarget.matches(':focus-visible'))}
      onBlur={() => setFocused(false)}
      onKeyDown={onKeyDown}
      onMouseDown={event => event.preventDefault()}
      {...handlers}
    >
      <Track
        reach={reach < end ? percent(reach) : null}
        shown={percent(shown)}
        buffered={buffered}
        percent={percent}
        marks={marks.filter(mark => mark.start >= start)}
      />
      <span
        className="pointer-events-none absolute size-4 -translate-x-1/2 rounded-full bg-accent shadow-float transition-transform duration-120 group-hover:scale-115 group-focus-visible:scale-115"
        style={{ left: percent(shown) }}
      />
      {tip === null ? null : <TimeTip text={say(tip)} left={percent(tip)} part={partAt(tip)} image={thumbnail?.(tip) ?? null} />}
    </div>
  )
}
