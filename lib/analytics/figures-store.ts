import 'server-only'
import { pool } from '@/lib/platform/db'
import type {
  QualityCount,
  QualityDetail,
  QualityFigures,
  QualityFilter,
  QualityGroup,
  QualityPlayers,
  QualityRow,
} from './schema'

const percentileOf = (share: number, of: string, which: string) =>
  `percentile_cont(${share}) WITHIN GROUP (ORDER BY ${of}) FILTER (WHERE ${which})`
/** Both percentiles of whole numbers, as two columns. */
const pair = (name: string, of: string, which = 'true') =>
  [50, 95].map(n => `round(${percentileOf(n / 100, of, which)})::int AS "${name}P${n}"`).join(', ')
/** The same of shares and rates. */
const finePair = (name: string, of: string, which: string) =>
  [50, 95].map(n => `${percentileOf(n / 100, of, which)} AS "${name}P${n}"`).join(', ')

/** Apps of others tell that they halted, but neither for how long nor that they failed. */
export const isOwn = 'q.app IS NULL'
const stalledMs = 'q.network_ms + q.source_ms + q.decode_ms + q.switch_ms'
export const stalledShare = `(sum(${stalledMs}) FILTER (WHERE ${isOwn}))::float8
  / nullif(sum(q.watched_ms::bigint + ${stalledMs}) FILTER (WHERE ${isOwn}), 0)`

/** A shorter session says nothing of an hour. */
const SHORTEST_MS = 10_000

const figures = `count(*)::int AS sessions, count(DISTINCT q.account_id)::int AS viewers,
  (avg(q.failed::int) FILTER (WHERE ${isOwn}))::float8 AS failed, ${stalledShare} AS stalled,
  avg(q.stalls)::float8 AS halts,
  ${pair('start', 'q.start_ms', 'NOT q.zap')}, ${pair('zap', 'q.start_ms', 'q.zap')},
  ${pair('bitrate', 'q.bitrate', 'q.bitrate > 0')}, ${pair('throughput', 'q.throughput')},
  ${finePair('switches', 'q.bitrate_switches * 3600000.0 / q.watched_ms', `q.watched_ms >= ${SHORTEST_MS}`)},
  ${finePair('dropped', 'least(1, q.dropped_frames::float8 / q.decoded_frames)', 'q.decoded_frames > 0')},
  json_build_object('network', coalesce(sum(q.network_ms), 0), 'source', coalesce(sum(q.source_ms), 0), 'decode', coalesce(sum(q.decode_ms), 0),
    'switch', coalesce(sum(q.switch_ms), 0), 'seek', coalesce(sum(q.seek_ms), 0)) AS "stalledMs"`

const told: Readonly<Record<QualityPlayers, string>> = { all: 'true', own: isOwn, apps: 'q.app IS NOT NULL' }
const asked = (players: QualityPlayers) =>
  `q.updated_at > now() - $1 * interval '1 hour' AND ${told[players]} AND ($2::int IS NULL OR q.item_id = $2)`
const given = ({ hours, item }: QualityFilter) => [hours, item ?? null]

export async function readFigures(filter: QualityFilter): Promise<QualityFigures> {
  const { rows } = await pool().query<QualityFigures>(
    `SELECT ${figures} FROM playback_quality q WHERE ${asked(filter.players)}`,
    given(filter),
  )
  return rows[0] as QualityFigures
}

const playerName = "coalesce(q.app, 'WatchTheFlix')"

/** What a row stands for, where its name is found, and what it is called when that is gone. */
const groups: Readonly<Record<QualityGroup, { key: string; join: string; name: string; where: string; note?: string }>> = {
  channel: { key: 'q.item_id', join: 'LEFT JOIN item n ON n.id = q.item_id', name: 'n.name', where: 'q.live' },
  source: { key: 'q.source_id', join: 'LEFT JOIN source n ON n.id = q.source_id', name: 'n.name', where: 'true' },
  provider: { key: 'q.provider_id', join: 'LEFT JOIN provider n ON n.id = q.provider_id', name: 'n.name', where: 'true' },
  browser: { key: 'q.browser', join: '', name: 'q.browser', where: 'true' },
  player: { key: playerName, join: '', name: playerName, where: 'true' },
  session: {
    key: 'q.session_id',
    join: 'LEFT JOIN item n ON n.id = q.item_id',
    name: 'n.name',
    where: 'true',
    note: `concat_ws(' · ', min(${playerName}), min(q.app_session))`,
  },
}

const MOST_ROWS = 100

/** The worst first: those that fail, then those that stand still. */
export async function readGroups(filter: QualityFilter): Promise<QualityRow[]> {
  const { key, join, name, where, note = 'NULL' } = groups[filter.by]
  const { rows } = await pool().query<QualityRow>(
    `SELECT coalesce(${key}::text, '') AS key, coalesce(min(${name}), 'No longer there') AS name, ${note} AS note, ${figures}
     FROM playback_quality q ${join} WHERE ${asked(filter.players)} AND ${where}
     GROUP BY ${key} ORDER BY failed DESC NULLS LAST, stalled DESC NULLS LAST, halts DESC NULLS LAST, sessions DESC LIMIT ${MOST_ROWS}`,
    given(filter),
  )
  return rows
}

const MOST_CODES = 20

/** How often each decision and each error came in one row. */
export async function readDetail(filter: QualityFilter, rowKey: string): Promise<QualityDetail> {
  const { key, where } = groups[filter.by]
  const count = async (code: string, from: string) => {
    const { rows } = await pool().query<QualityCount>(
      `SELECT ${code} AS code, count(*)::int AS sessions FROM playback_quality q ${from}
       WHERE ${asked(filter.players)} AND ${where} AND coalesce(${key}::text, '') = $3 AND ${code} <> ''
       GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${MOST_CODES}`,
      [...given(filter), rowKey],
    )
    return rows
  }
  const [decisions, errors] = await Promise.all([
    count('q.decision', ''),
    count('e.code', 'CROSS JOIN unnest(q.errors) AS e(code)'),
  ])
  return { decisions, errors }
}

/** Null: it is no longer there. */
export async function findItemName(item: number): Promise<string | null> {
  const { rows } = await pool().query<{ name: string }>('SELECT name FROM item WHERE id = $1', [item])
  return rows[0]?.name ?? null
}
