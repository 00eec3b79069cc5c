'use client'

import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { memo, type ReactNode, useEffect, useRef } from 'react'
import { type ElementBox, useElementBox } from './use-element-box'
import { useScrollingMark } from './use-scrolling-mark'

interface VirtualGridProps<T> {
  label: string
  items: readonly T[]
  keyOf: (item: T) => string | number
  render: (item: T, index: number) => ReactNode
  /** Narrowest column in rem, by the width there is. Wider than the page makes a list of one column. */
  minColumn: (width: number) => number
  /** In rem. */
  gap: number
  /** Height of one cell in rem, from the width of its column. */
  cellHeight: (columnRem: number) => number
  /** Cells shown as skeletons after the last item, because more is on the way. */
  pending?: number
  renderPending?: () => ReactNode
  onEnd?: () => void
}

interface CellProps<T> {
  item: T
  index: number
  render: (item: T, index: number) => ReactNode
}

// While the window scrolls the grid is drawn again for every frame; what a cell shows is not.
const Cell = memo(function Cell<T>({ item, index, render }: CellProps<T>) {
  return render(item, index)
}) as <T>(props: CellProps<T>) => ReactNode

function planColumns(box: ElementBox | null, minColumn: (width: number) => number, gap: number) {
  const rem = box?.rem ?? 16
  const width = (box?.width ?? 0) / rem
  const columns = Math.max(1, Math.floor((width + gap) / (minColumn(width) + gap)))
  return { rem, columns, column: Math.max(0, (width - gap * (columns - 1)) / columns) }
}

/** A list or grid of any length: only what is on screen is in the page. The window scrolls, so thumbs and Back work. */
export function VirtualGrid<T>(props: VirtualGridProps<T>) {
  const { items, gap, pending = 0, onEnd } = props
  const list = useRef<HTMLUListElement>(null)
  const box = useElementBox(list)
  useScrollingMark(list)
  const { rem, columns, column } = planColumns(box, props.minColumn, gap)
  const rowHeight = (props.cellHeight(column) + gap) * rem
  const total = items.length + pending
  const rows = useWindowVirtualizer({
    count: Math.ceil(total / columns),
    estimateSize: () => rowHeight,
    overscan: 3,
    scrollMargin: box?.top ?? 0,
    initialRect: { width: 1280, height: 900 },
  })

  // biome-ignore lint/correctness/useExhaustiveDependencies: the virtualizer is one object for life; its sizes depend on rowHeight
  useEffect(() => rows.measure(), [rowHeight])

  const visible = rows.getVirtualItems()
  const lastShown = ((visible.at(-1)?.index ?? 0) + 1) * columns
  const nearEnd = box !== null && lastShown >= items.length
  useEffect(() => {
    if (nearEnd) onEnd?.()
  }, [nearEnd, onEnd])

  const cells = box ? visible.flatMap(row => Array.from({ length: columns }, (_, at) => row.index * columns + at)) : []
  return (
    <ul ref={list} aria-label={props.label} className="relative" style={{ height: rows.getTotalSize() || rowHeight }}>
      {cells
        .filter(index => index < total)
        .map(index => {
          const item = items[index]
          const x = (index % columns) * (column + gap)
          const y = Math.floor(index / columns) * rowHeight
          return (
            <li
              key={item === undefined ? `pending-${index}` : props.keyOf(item)}
              className="absolute top-0 left-0 focus-within:z-1 at-rest:hover:z-1"
              style={{ transform: `translate(${x * rem}px, ${y}px)`, width: `${column}rem`, height: rowHeight - gap * rem }}
            >
              {item === undefined ? props.renderPending?.() : <Cell item={item} index={index} render={props.render} />}
            </li>
          )
        })}
    </ul>
  )
}
