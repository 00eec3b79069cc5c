import type { QualityRow } from '@/lib/analytics/schema'
import { causes, mainCause } from './quality-words'
import { sayMs, sayPair, sayShare } from './say-quality'
import { sayBitrate } from './say-traffic'

const tone = (share: number | null, bad: number) =>
  share === null ? '' : share > bad ? 'text-danger' : share > bad / 4 ? 'text-warn' : ''

export interface QualityColumn {
  head: string
  say: (row: QualityRow) => string | null
  /** What it is sorted by. */
  value: (row: QualityRow) => number | null
  tone?: (row: QualityRow) => string
}

export const qualityColumns: readonly QualityColumn[] = [
  { head: 'Sessions', say: row => row.sessions.toLocaleString(), value: row => row.sessions },
  { head: 'Viewers', say: row => row.viewers.toLocaleString(), value: row => row.viewers },
  { head: 'Start p50 · p95', say: row => sayPair(sayMs, row.startP50, row.startP95), value: row => row.startP95 },
  { head: 'Zap p50 · p95', say: row => sayPair(sayMs, row.zapP50, row.zapP95), value: row => row.zapP95 },
  {
    head: 'Stood still',
    say: row => (row.stalled === null ? null : sayShare(row.stalled)),
    value: row => row.stalled,
    tone: row => tone(row.stalled, 0.05),
  },
  {
    head: 'Mostly because of',
    say: row => {
      const cause = mainCause(row.stalledMs)
      return cause === null ? '–' : causes[cause].label
    },
    value: row => {
      const cause = mainCause(row.stalledMs)
      return cause === null ? null : row.stalledMs[cause]
    },
  },
  { head: 'Halts a session', say: row => row.halts?.toFixed(1) ?? null, value: row => row.halts },
  {
    head: 'Failed',
    say: row => (row.failed === null ? null : sayShare(row.failed)),
    value: row => row.failed,
    tone: row => tone(row.failed, 0.2),
  },
  { head: 'Bitrate p50 · p95', say: row => sayPair(sayBitrate, row.bitrateP50, row.bitrateP95), value: row => row.bitrateP50 },
  {
    head: 'Measured p50 · p95',
    say: row => sayPair(sayBitrate, row.throughputP50, row.throughputP95),
    value: row => row.throughputP50,
  },
]

/** A column, and whether its largest value stands first. */
export interface QualityOrder {
  head: string
  falling: boolean
}

/** Rows in this order; those that told nothing stand last. Without an order as they come: the worst first. */
export function sortQuality(rows: readonly QualityRow[], order: QualityOrder | null): readonly QualityRow[] {
  const value = qualityColumns.find(({ head }) => head === order?.head)?.value
  if (order === null || value === undefined) return rows
  return rows.toSorted((one, other) => {
    const [a, b] = [value(one), value(other)]
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    return order.falling ? b - a : a - b
  })
}

/** The largest first, then the smallest, then as they come. */
export const nextOrder = (order: QualityOrder | null, head: string): QualityOrder | null => {
  if (order?.head !== head) return { head, falling: true }
  return order.falling ? { head, falling: false } : null
}
