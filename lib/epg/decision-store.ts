import 'server-only'
import { pool } from '@/lib/platform/db'
import { appIdOf, type Owner } from './match-store'
import { type GuideMatchHow, type MatchQuery, StoredCandidate } from './schema'

/** Channels of an answer. */
export const PAGE = 30

export interface MatchRow {
  itemId: number
  name: string
  image: string | null
  how: GuideMatchHow
  score: number
  shiftMinutes: number
  channelId: number | null
  candidates: StoredCandidate[]
}

/** Which rows a list has: those that wait for a person, those that were taken by likeness only, those with a person's word. */
const conditions: Record<MatchQuery['show'], string> = {
  open: "m.how = 'open'",
  uncertain: "m.how = 'fuzzy'",
  decided: "(m.how IN ('manual', 'none') OR m.shift_minutes <> 0)",
  all: 'true',
}

/** Channels of an owner in the order of their names, a page behind an id; those with candidates first where they are open. */
export async function listMatchRows(owner: Owner, { show, text, after }: MatchQuery): Promise<MatchRow[]> {
  const { rows } = await pool().query<Omit<MatchRow, 'candidates'> & { candidates: unknown }>(
    `SELECT i.id AS "itemId", i.name, i.image, m.how::text, m.score, m.shift_minutes AS "shiftMinutes", m.channel_id AS "channelId",
       m.candidates
     FROM guide_match m JOIN item i ON i.id = m.item_id
     WHERE i.kind = 'channel' AND i.owner_id IS NOT DISTINCT FROM $1::uuid AND ${conditions[show]}
       AND ($2::text = '' OR i.sort_name LIKE '%' || $2 || '%')
       AND ($3::int IS NULL OR (m.candidates = '[]', i.sort_name, i.id) >
         (SELECT l.candidates = '[]', o.sort_name, o.id FROM item o JOIN guide_match l ON l.item_id = o.id WHERE o.id = $3))
     ORDER BY m.candidates = '[]', i.sort_name, i.id LIMIT ${PAGE + 1}`,
    [owner, text.replace(/[\\%_]/g, '\\$&'), after ?? null],
  )
  return rows.map(({ candidates, ...row }) => ({ ...row, candidates: StoredCandidate.array().catch([]).parse(candidates) }))
}

/** How many channels of an owner are in each list. */
export async function countMatches(owner: Owner): Promise<Record<MatchQuery['show'], number>> {
  const sums = Object.entries(conditions).map(([name, condition]) => `count(*) FILTER (WHERE ${condition})::int AS "${name}"`)
  const { rows } = await pool().query<Record<MatchQuery['show'], number>>(
    `SELECT ${sums.join(', ')} FROM guide_match m JOIN item i ON i.id = m.item_id
     WHERE i.kind = 'channel' AND i.owner_id IS NOT DISTINCT FROM $1::uuid`,
    [owner],
  )
  return rows[0] ?? { open: 0, uncertain: 0, decided: 0, all: 0 }
}

export interface ChannelRow {
  channelId: number
  xmltvId: string
  names: string[]
  source: string
  /** What is on in the guide's own time. */
  now: string | null
}

const channelColumns = `c.id AS "channelId", c.xmltv_id AS "xmltvId", c.names, g.name AS source,
  (SELECT p.title FROM programme p WHERE p.channel_id = c.id AND p.start > now() - interval '1 day' AND p.start <= now()
     AND p.stop > now() ORDER BY p.start DESC LIMIT 1) AS now`
/** Guides that may serve a channel of `$1`: its owner's and those of the platform that are nobody's provider. */
const usable = '(g.owner_id IS NOT DISTINCT FROM $1::uuid OR (g.owner_id IS NULL AND g.provider_id IS NULL))'

export async function listChannelRows(owner: Owner, ids: readonly number[]): Promise<Map<number, ChannelRow>> {
  const { rows } = await pool().query<ChannelRow>(
    `SELECT ${channelColumns} FROM guide_channel c JOIN guide_source g ON g.id = c.source_id WHERE ${usable} AND c.id = ANY($2::int[])`,
    [owner, ids],
  )
  return new Map(rows.map(row => [row.channelId, row]))
}

/** Guide channels whose id or a name holds a text. */
export async function searchChannelRows(owner: Owner, text: string): Promise<ChannelRow[]> {
  const { rows } = await pool().query<ChannelRow>(
    `SELECT ${channelColumns} FROM guide_channel c JOIN guide_source g ON g.id = c.source_id
     WHERE ${usable} AND NOT g.from_names AND (c.xmltv_id ILIKE $2 OR array_to_string(c.names, ' | ') ILIKE $2)
     ORDER BY g.priority, length(coalesce(c.names[1], c.xmltv_id)), c.id LIMIT 20`,
    [owner, `%${text.replace(/[\\%_]/g, '\\$&')}%`],
  )
  return rows
}

/** Whose channel it is; undefined when there is none. */
export async function findChannelOwner(itemId: number): Promise<Owner | undefined> {
  const { rows } = await pool().query<{ owner: Owner }>("SELECT owner_id AS owner FROM item WHERE id = $1 AND kind = 'channel'", [
    itemId,
  ])
  return rows[0]?.owner
}

export interface StoredDecision {
  how: 'manual' | 'none' | 'open' | null
  channelId: number | null
  shiftMinutes: number | null
}

/** Writes a person's word; null leaves what is there. False when it leads to no guide channel of the owner's. */
export async function writeDecision(owner: Owner, itemId: number, decision: StoredDecision): Promise<boolean> {
  const { channelId, how, shiftMinutes } = decision
  if (channelId !== null && !(await listChannelRows(owner, [channelId])).has(channelId)) return false
  await pool().query(
    `INSERT INTO guide_match AS m (item_id, channel_id, how, score, shift_minutes)
     VALUES ($1, $2, coalesce($3, 'open')::"GuideMatchHow", CASE WHEN $3 = 'manual' THEN 1 ELSE 0 END, coalesce($4, 0))
     ON CONFLICT (item_id) DO UPDATE SET
       channel_id = CASE WHEN $3::text IS NULL THEN m.channel_id ELSE EXCLUDED.channel_id END,
       how = CASE WHEN $3::text IS NULL THEN m.how ELSE EXCLUDED.how END,
       score = CASE WHEN $3::text IS NULL THEN m.score ELSE EXCLUDED.score END, shift_minutes = coalesce($4, m.shift_minutes)`,
    [itemId, channelId, how, shiftMinutes],
  )
  await pool().query(
    `UPDATE guide_match SET app_id = ${appIdOf('f')}
     FROM (SELECT m.item_id, m.channel_id, m.how, m.shift_minutes, i.guide_id FROM guide_match m JOIN item i ON i.id = m.item_id
           WHERE m.item_id = $1) f WHERE guide_match.item_id = f.item_id`,
    [itemId],
  )
  return true
}
