'use client'

import { type RefObject, useCallback, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import { HOUR } from '@/lib/kernel/time'
import { type Geometry, isSameView, LEAD, type Seen, toTime, toView, toX, type View } from './geometry'
import { noteScrolling } from './hurry'

/** Where the focus stands: a row, and a moment that is kept while moving up and down. */
export interface Active {
  row: number
  time: number
}

export interface Grid {
  box: RefObject<HTMLDivElement | null>
  view: View
  active: Active
  /** Puts the focus on the cell at this moment, and brings it into view. `until`: how much after it should be seen, too. */
  move: (to: Active, until?: number) => void
  /** Brings a moment to the left; the focus goes there without being taken from where it is. */
  jump: (time: number) => void
  /** The moment that a jump to here led to. */
  at: () => number
  /** Rows that fit. */
  page: () => number
  /** Rows whose cells have changed call this; always the same function. */
  keepFocus: () => void
}

const seenOf = (box: HTMLElement): Seen => ({
  top: box.scrollTop,
  left: box.scrollLeft,
  width: box.clientWidth,
  height: box.clientHeight,
})

const rowsThatFit = (box: HTMLElement | null, { rulerHeight, rowHeight }: Geometry): number =>
  Math.max(2, Math.floor(((box?.clientHeight ?? 0) - rulerHeight) / rowHeight))

/** Scrolls so that a cell is in view; moves as little as it can. */
function reveal(box: HTMLElement, geometry: Geometry, { row, time }: Active, until: number): void {
  const { rowHeight, rulerHeight, columnWidth } = geometry
  const [top, bottom] = [row * rowHeight, (row + 1) * rowHeight]
  const height = box.clientHeight - rulerHeight
  if (top < box.scrollTop) box.scrollTop = top
  else if (bottom > box.scrollTop + height) box.scrollTop = bottom - height
  const width = box.clientWidth - columnWidth
  const start = toX(geometry, time - LEAD)
  const end = toX(geometry, until + LEAD)
  if (start < box.scrollLeft) box.scrollLeft = start
  else if (end > box.scrollLeft + width) box.scrollLeft = Math.min(end - width, start)
}

/** Keeps the moment at the left and the row at the top while the measures change (zoom, density, television), or how far back it goes. */
function useAnchor(
  box: RefObject<HTMLDivElement | null>,
  geometry: Geometry,
  first: number,
  isThere: boolean,
): RefObject<Active> {
  const anchor = useRef<Active>({ row: 0, time: first })
  const { hourWidth, rowHeight, start } = geometry
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a change of measure or reach moves the page, and a grid that comes back
  useLayoutEffect(() => {
    if (!box.current) return
    const { row, time } = anchor.current
    box.current.scrollTop = row * rowHeight
    box.current.scrollLeft = toX(geometry, time)
  }, [hourWidth, rowHeight, start, isThere])
  return anchor
}

const isOtherCell = (element: Element | null): boolean =>
  element?.matches('[data-guide-box] [role="gridcell"]:not([data-active])') === true

/**
 * The focus follows where it was moved to, and stays in the grid when its cell is replaced by what was loaded. Returns what
 * looks after it; rows call it when their cells have changed.
 */
function useFocusInside(box: RefObject<HTMLDivElement | null>, wanted: RefObject<boolean>, isThere: boolean): () => void {
  const inside = useRef(false)
  const keep = useCallback(() => {
    const focused = document.activeElement
    // Gone with its cell; or the cell has become another one, as the first of those that took the place of hours on their way.
    const lost = inside.current && (focused === document.body || isOtherCell(focused))
    if (!wanted.current && !lost) return
    const cell = box.current?.querySelector<HTMLElement>('[data-active]')
    if (!cell) return
    wanted.current = false
    cell.focus({ preventScroll: true })
  }, [box, wanted])
  useLayoutEffect(keep)
  useEffect(() => {
    const element = isThere ? box.current : null
    if (!element) return
    const note = (event: FocusEvent) => {
      if (event.target instanceof Node) inside.current = element.contains(event.target)
    }
    document.addEventListener('focusin', note)
    return () => document.removeEventListener('focusin', note)
  }, [box, isThere])
  return keep
}

/** What of the grid is drawn, and where its focus is. */
export function useGrid(geometry: Geometry, count: number, now: number): Grid {
  const box = useRef<HTMLDivElement>(null)
  const wanted = useRef(false)
  const first = Math.max(geometry.start, now - LEAD)
  // Without a channel the box is not in the page.
  const isThere = count > 0
  const anchor = useAnchor(box, geometry, first, isThere)
  const [active, setActive] = useState<Active>({ row: 0, time: now })
  const [view, setView] = useState<View>(() =>
    toView(geometry, count, { top: 0, left: toX(geometry, first), width: 1_280, height: 900 }),
  )
  const look = useEffectEvent(() => {
    if (!box.current) return
    const seen = seenOf(box.current)
    anchor.current = { row: seen.top / geometry.rowHeight, time: toTime(geometry, seen.left) }
    const next = toView(geometry, count, seen)
    setView(old => (isSameView(old, next) ? old : next))
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: measures and the number of rows change what is in view
  useLayoutEffect(() => look(), [geometry, count])
  useEffect(() => {
    const element = isThere ? box.current : null
    if (!element) return
    const onScroll = () => {
      noteScrolling()
      look()
    }
    element.addEventListener('scroll', onScroll, { passive: true })
    const observer = new ResizeObserver(() => look())
    observer.observe(element)
    return () => {
      element.removeEventListener('scroll', onScroll)
      observer.disconnect()
    }
  }, [isThere])
  const keepFocus = useFocusInside(box, wanted, isThere)

  const clamp = (time: number) => Math.min(geometry.end - 1, Math.max(geometry.start, time))
  const show = () => {
    if (box.current) setView(toView(geometry, count, seenOf(box.current)))
  }
  return {
    box,
    view,
    active: { row: Math.min(active.row, Math.max(0, count - 1)), time: active.time },
    move: (to, until = to.time + HOUR / 2) => {
      const next = { row: Math.min(count - 1, Math.max(0, to.row)), time: clamp(to.time) }
      if (box.current) reveal(box.current, geometry, next, Math.min(clamp(until), next.time + HOUR))
      wanted.current = true
      setActive(next)
      show()
    },
    jump: time => {
      const next = clamp(time)
      if (box.current) box.current.scrollLeft = toX(geometry, next - LEAD)
      setActive(old => ({ row: Math.min(Math.max(old.row, view.firstRow), view.lastRow), time: next }))
      show()
    },
    at: () => (box.current ? toTime(geometry, box.current.scrollLeft) : view.left) + LEAD,
    keepFocus,
    page: () => rowsThatFit(box.current, geometry) - 1,
  }
}
