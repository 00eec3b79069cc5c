'use client'

import { useQueryClient } from '@tanstack/react-query'
import { type KeyboardEvent, type MouseEvent, useEffect, useMemo } from 'react'
import { useScrollingMark } from '@/components/ui/use-scrolling-mark'
import { type Geometry, toX } from './geometry'
import { type GridActions, pressKey } from './grid-keys'
import { BLOCK_HOURS, BLOCK_MS, BLOCK_ROWS, blockStart, blocksOf } from './lay-out'
import { NowMarker } from './now-marker'
import { windowQuery } from './queries'
import { RowBlock } from './row-block'
import { TimeRuler } from './time-ruler'
import type { Active, Grid } from './use-grid'

/** Neighbours are asked for when the scrolling rests. */
const REST_MS = 250

interface GuideGridProps {
  ids: readonly number[]
  geometry: Geometry
  actions: GridActions
  /** To the minute. */
  now: number
}

const sliced = (ids: readonly number[]): (readonly number[])[] =>
  Array.from({ length: Math.ceil(ids.length / BLOCK_ROWS) }, (_, at) => ids.slice(at * BLOCK_ROWS, (at + 1) * BLOCK_ROWS))

/** The windows around those in view, so that the next step finds them there. */
function useNeighbours(slices: readonly (readonly number[])[], first: number, last: number, blocks: readonly number[]): void {
  const client = useQueryClient()
  useEffect(() => {
    const timer = setTimeout(() => {
      const after = (blocks.at(-1) ?? 0) + BLOCK_MS
      for (let at = first; at <= last; at += 1) void client.prefetchQuery(windowQuery(slices[at] ?? [], after, BLOCK_HOURS))
      const next = slices[last + 1]
      if (next) for (const block of blocks) void client.prefetchQuery(windowQuery(next, block, BLOCK_HOURS))
    }, REST_MS)
    return () => clearTimeout(timer)
  }, [client, slices, first, last, blocks])
}

const cellOf = (target: EventTarget): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('[data-start]') : null

/** Where Tab enters: at the focus, or where one has scrolled to since. */
function findReachable({ active, view }: Grid, from: number, to: number): Active {
  const inView = active.row >= view.firstRow && active.row <= view.lastRow && active.time >= from && active.time < to
  return inView ? active : { row: Math.min(view.lastRow, view.firstRow + 4), time: view.left }
}

/** Channels down, time across; only what is in view is in the page. */
export function GuideGrid({ ids, geometry, actions, now }: GuideGridProps) {
  const { grid } = actions
  const { box, view } = grid
  useScrollingMark(box, true)
  const slices = useMemo(() => sliced(ids), [ids])
  const [firstTime, lastTime] = [blockStart(view.from), blockStart(view.to - 1)]
  const blocks = useMemo(() => blocksOf(firstTime, lastTime + 1), [firstTime, lastTime])
  const first = Math.floor(view.firstRow / BLOCK_ROWS)
  const last = Math.min(slices.length - 1, Math.floor(view.lastRow / BLOCK_ROWS))
  useNeighbours(slices, first, last, blocks)
  const shown = findReachable(grid, firstTime, lastTime + BLOCK_MS)

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const cell = cellOf(event.target)
    if (cell && pressKey(event, cell, actions)) event.preventDefault()
  }
  const onClick = (event: MouseEvent<HTMLElement>) => {
    const cell = cellOf(event.target)
    if (!cell || cell.dataset.kind === 'pending') return
    const row = Number(cell.closest<HTMLElement>('[data-row]')?.dataset.row)
    const start = Number(cell.dataset.start)
    const isOn = start <= now && now < Number(cell.dataset.stop)
    grid.move({ row, time: isOn ? now : Math.max(start, geometry.start) }, 0)
    actions.open(cell)
  }
  const width = geometry.columnWidth + toX(geometry, geometry.end)
  return (
    // The opaque ground lets the browser move what it has painted instead of painting it anew.
    <div ref={box} className="relative min-h-0 grow overflow-auto overscroll-contain bg-canvas" data-guide-box>
      <div className="relative" style={{ width, height: geometry.rulerHeight + ids.length * geometry.rowHeight }}>
        <TimeRuler geometry={geometry} from={view.from} to={view.to} left={view.left} now={now} />
        {/* biome-ignore lint/a11y/useSemanticElements: see grid-cell.tsx */}
        <div
          role="grid"
          aria-label="Guide"
          aria-rowcount={ids.length}
          onKeyDown={onKeyDown}
          onClick={onClick}
          className="absolute inset-x-0 bottom-0"
          style={{ top: geometry.rulerHeight }}
        >
          {slices.slice(first, last + 1).map((slice, at) => {
            const start = (first + at) * BLOCK_ROWS
            return (
              <RowBlock
                key={start}
                ids={slice}
                first={start}
                from={view.firstRow}
                to={view.lastRow}
                blocks={blocks}
                geometry={geometry}
                active={shown.row >= start && shown.row < start + BLOCK_ROWS ? shown : null}
                now={now}
                left={view.left}
                keepFocus={grid.keepFocus}
              />
            )
          })}
        </div>
        <NowMarker geometry={geometry} now={now} />
      </div>
    </div>
  )
}
