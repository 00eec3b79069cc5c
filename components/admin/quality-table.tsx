import type { QualityRow } from '@/lib/analytics/schema'
import { sayMs, sayPair, sayShare } from './say-quality'
import { sayBitrate } from './say-traffic'

const tone = (share: number | null, bad: number) =>
  share === null ? '' : share > bad ? 'text-danger' : share > bad / 4 ? 'text-warn' : ''

interface Column {
  head: string
  say: (row: QualityRow) => string | null
  tone?: (row: QualityRow) => string
}

const columns: readonly Column[] = [
  { head: 'Sessions', say: row => row.sessions.toLocaleString() },
  { head: 'Viewers', say: row => row.viewers.toLocaleString() },
  { head: 'Start p50 · p95', say: row => sayPair(sayMs, row.startP50, row.startP95) },
  { head: 'Zap p50 · p95', say: row => sayPair(sayMs, row.zapP50, row.zapP95) },
  {
    head: 'Stood still',
    say: row => (row.stalled === null ? null : sayShare(row.stalled)),
    tone: row => tone(row.stalled, 0.05),
  },
  { head: 'Halts a session', say: row => row.halts?.toFixed(1) ?? null },
  {
    head: 'Failed',
    say: row => (row.failed === null ? null : sayShare(row.failed)),
    tone: row => tone(row.failed, 0.2),
  },
  { head: 'Bitrate p50 · p95', say: row => sayPair(sayBitrate, row.bitrateP50, row.bitrateP95) },
  { head: 'Measured p50 · p95', say: row => sayPair(sayBitrate, row.throughputP50, row.throughputP95) },
]

function Line({ row }: { row: QualityRow }) {
  return (
    <tr>
      <th scope="row" className="max-w-96 px-4 py-3 text-left font-body">
        <span className="block truncate" title={row.name}>
          {row.name}
        </span>
        {row.note ? <span className="block text-12 text-muted">{row.note}</span> : null}
      </th>
      {columns.map(column => (
        <td key={column.head} className={`px-4 py-3 text-right whitespace-nowrap ${column.tone?.(row) ?? ''}`}>
          {column.say(row) ?? <span className="text-muted">not told</span>}
        </td>
      ))}
    </tr>
  )
}

/** How it plays, one line each; the worst first. */
export function QualityTable({ rows, first }: { rows: readonly QualityRow[]; first: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable without a mouse
    <section aria-label={`Quality by ${first.toLowerCase()}`} tabIndex={0} className="scroll-quiet overflow-x-auto">
      <table className="hairline w-full border-separate border-spacing-0 rounded-card bg-surface text-14">
        <caption className="sr-only">Quality by {first.toLowerCase()}</caption>
        <thead>
          <tr>
            <th scope="col" className="hairline-b rounded-tl-card px-4 py-3 text-left text-12 text-muted">
              {first}
            </th>
            {columns.map(({ head }) => (
              <th
                key={head}
                scope="col"
                className="hairline-b whitespace-nowrap px-4 py-3 text-right text-12 text-muted last:rounded-tr-card"
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="tabular-nums [&>tr+tr>*]:hairline-t">
          {rows.map(row => (
            <Line key={row.key} row={row} />
          ))}
        </tbody>
      </table>
    </section>
  )
}
