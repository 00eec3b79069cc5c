import { ArrowDown, ArrowUp, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { QualityFilter, QualityRow } from '@/lib/analytics/schema'
import { nextOrder, type QualityOrder, qualityColumns, sortQuality } from './quality-columns'
import { QualityDetail } from './quality-detail'

function Line({ row, filter }: { row: QualityRow; filter: QualityFilter }) {
  const [isOpen, setOpen] = useState(false)
  const id = `quality-detail-${row.key}`
  return (
    <>
      <tr>
        <th scope="row" className="max-w-96 text-left font-body">
          <button
            type="button"
            aria-expanded={isOpen}
            aria-controls={isOpen ? id : undefined}
            onClick={() => setOpen(!isOpen)}
            className="flex w-full items-center gap-2 rounded-card px-4 py-3 text-left hover:bg-fill"
          >
            <ChevronRight
              aria-hidden
              size="1rem"
              className={`shrink-0 text-muted transition-transform duration-120 ${isOpen ? 'rotate-90' : ''}`}
            />
            <span className="min-w-0">
              <span className="block truncate" title={row.name}>
                {row.name}
              </span>
              {row.note ? <span className="block text-12 text-muted">{row.note}</span> : null}
            </span>
          </button>
        </th>
        {qualityColumns.map(column => (
          <td key={column.head} className={`px-4 py-3 text-right whitespace-nowrap ${column.tone?.(row) ?? ''}`}>
            {column.say(row) ?? <span className="text-muted">not told</span>}
          </td>
        ))}
      </tr>
      {isOpen ? (
        <tr id={id}>
          <td colSpan={qualityColumns.length + 1}>
            {/* As wide as what is seen of the table, and in sight wherever it is scrolled to. */}
            <div className="sticky left-0 w-[calc(100cqw-2px)]">
              <QualityDetail filter={filter} row={row} />
            </div>
          </td>
        </tr>
      ) : null}
    </>
  )
}

function Head({ head, order, onSort }: { head: string; order: QualityOrder | null; onSort: () => void }) {
  const falling = order?.head === head ? order.falling : null
  return (
    <th
      scope="col"
      aria-sort={falling === null ? 'none' : falling ? 'descending' : 'ascending'}
      className="hairline-b whitespace-nowrap text-right text-12 text-muted last:rounded-tr-card"
    >
      <button type="button" onClick={onSort} className="inline-flex items-center gap-1 rounded-card px-4 py-3 hover:text-text">
        {falling === null ? null : falling ? <ArrowDown aria-hidden size="0.875rem" /> : <ArrowUp aria-hidden size="0.875rem" />}
        {head}
      </button>
    </th>
  )
}

interface QualityTableProps {
  rows: readonly QualityRow[]
  first: string
  filter: QualityFilter
}

/** How it plays, one line each; the worst first until it is sorted otherwise. A line opens to what stands behind it. */
export function QualityTable({ rows, first, filter }: QualityTableProps) {
  const [order, setOrder] = useState<QualityOrder | null>(null)
  return (
    <section
      aria-label={`Quality by ${first.toLowerCase()}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable without a mouse
      tabIndex={0}
      className="scroll-quiet overflow-x-auto [container-type:inline-size]"
    >
      <table className="hairline w-full border-separate border-spacing-0 rounded-card bg-surface text-14">
        <caption className="sr-only">Quality by {first.toLowerCase()}</caption>
        <thead>
          <tr>
            <th scope="col" className="hairline-b rounded-tl-card px-4 py-3 text-left text-12 text-muted">
              {first}
            </th>
            {qualityColumns.map(({ head }) => (
              <Head key={head} head={head} order={order} onSort={() => setOrder(nextOrder(order, head))} />
            ))}
          </tr>
        </thead>
        <tbody className="tabular-nums [&>tr+tr>*]:hairline-t">
          {sortQuality(rows, order).map(row => (
            <Line key={row.key} row={row} filter={filter} />
          ))}
        </tbody>
      </table>
    </section>
  )
}
