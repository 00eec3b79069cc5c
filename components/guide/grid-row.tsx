import { memo } from 'react'
import type { Marks } from '@/components/notifications/use-reminders'
import { ChannelHead } from './channel-head'
import { type Geometry, toX } from './geometry'
import { GridCell } from './grid-cell'
import { type Cell, cellAt, type Row } from './lay-out'

interface GridRowProps {
  row: Row
  index: number
  geometry: Geometry
  /** The moment at which the focus stands in this row; null: it is in another one. */
  activeTime: number | null
  /** To the minute. */
  now: number
  /** The left edge of what is seen, to the hour. */
  left: number
  /** Which programmes have a reminder. */
  marks: Marks
}

const whenIs = ({ start, stop }: Cell, now: number) => (stop <= now ? 'past' : start <= now ? 'on' : 'next')

/** A channel and what is on there. */
export const GridRow = memo(function GridRow({ row, index, geometry, activeTime, now, left, marks }: GridRowProps) {
  const { rowHeight, columnWidth, start, end } = geometry
  const active = activeTime === null ? undefined : cellAt(row.cells, activeTime)
  const name = row.channel?.name ?? ''
  return (
    // biome-ignore lint/a11y/useSemanticElements: see grid-cell.tsx
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stands on its cells
    <div
      role="row"
      aria-rowindex={index + 1}
      data-row={index}
      data-channel={row.channel?.id}
      data-name={name}
      data-archive={row.channel?.archiveDays}
      className="absolute top-0 left-0 contain-layout contain-style"
      style={{ transform: `translateY(${index * rowHeight}px)`, height: rowHeight, width: columnWidth + toX(geometry, end) }}
    >
      <ChannelHead channel={row.channel} width={columnWidth} tight={geometry.tight} />
      {row.cells.map(cell => {
        const from = Math.max(cell.start, start)
        const to = Math.min(cell.stop, end)
        if (to <= from) return null
        return (
          <GridCell
            key={cell.start}
            channel={name}
            kind={cell.kind}
            start={cell.start}
            stop={cell.stop}
            title={cell.title}
            genre={cell.genre}
            flags={cell.flags}
            left={columnWidth + toX(geometry, from)}
            width={toX(geometry, to) - toX(geometry, from)}
            stickyLeft={from < left + 3_600_000 && to > left ? columnWidth : null}
            when={whenIs(cell, now)}
            active={cell === active}
            tight={geometry.tight}
            reminded={cell.kind === 'programme' && marks.has(row.channel?.id, cell.start)}
          />
        )
      })}
    </div>
  )
})
