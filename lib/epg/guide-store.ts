import 'server-only'
import { pool } from '@/lib/platform/db'
import type { Programme, ProgrammeDetails } from './schema'
import type { WrittenProgramme } from './write-xmltv'

/** A channel of viewers in the guide: its item, which may be matched, else the id by which that names it at its provider. */
export interface GuideRef {
  itemId?: number | undefined
  providerId: number
  guideId: string
  /** Leads to this guide channel, whatever the others say. */
  ownChannelId?: number | null
}

export interface FoundChannel {
  /** The id that items carry; differs from the guide's own in capitals at most. */
  guideId: string
  channelId: number
  /** To be added to every time. */
  shiftMinutes: number
  names: string[]
  icon: string | null
}

type Row = [
  start: number,
  stop: number,
  title: string,
  subTitle: string | null,
  description: string | null,
  categories: string[] | null,
  details: ProgrammeDetails | null,
]

// Seconds instead of dates, and never by way of `numeric`, as `extract` does: half a million of them are read for one document.
const timeColumns = "date_part('epoch', p.start) + c.shift * 60, date_part('epoch', p.stop) + c.shift * 60"
const columns = `${timeColumns}, p.title, p.sub_title, p.description,
  p.categories, p.details`
/** No programme is longer than a day (xmltv-time.ts), so that the key bounds a window on both sides. */
export const LONGEST = "interval '1 day'"

const toProgramme = ([start, stop, title, subTitle, description, categories, details]: Row | [...Row, number]): Programme => ({
  start: new Date(start * 1_000),
  stop: new Date(stop * 1_000),
  title,
  subTitle,
  description,
  categories: categories ?? [],
  details,
})

/** The moment in a guide's own time. */
const unshifted = (moment: string) => `${moment}::timestamptz - c.shift * interval '1 minute'`
/** Rows of `guide_match` that say where the guide is: matched, or without one by a person's word. */
const DECIDED = "(m.channel_id IS NOT NULL OR m.how = 'none')"

/**
 * The guide channel of a ref and its shift: the account's own; else what its item is matched with; else of its provider's own guide the channel with
 * the same letters, else the same without capitals. No row, or a row without an id, when there is none.
 */
export const channelOf = (provider: string, id: string, { item, own }: { item: string; own: string }) =>
  `SELECT found.id, found.shift FROM (
     SELECT -1 AS n, ${own} AS id, 0 AS shift WHERE ${own} IS NOT NULL
     UNION ALL
     SELECT 0 AS n, m.channel_id AS id, m.shift_minutes AS shift FROM guide_match m WHERE m.item_id = ${item} AND ${DECIDED}
     UNION ALL
     (SELECT 1, c.id, 0 FROM guide_source g JOIN guide_channel c ON c.source_id = g.id
      WHERE g.provider_id = ${provider} AND lower(c.xmltv_id) = lower(${id}) ORDER BY c.xmltv_id = ${id} DESC, c.id LIMIT 1)
   ) found ORDER BY found.n LIMIT 1`

/**
 * The guide channels of these providers' items, each id that apps know them by once: the first that has programmes for it
 * gives them. What an account's own guides have counts for that account.
 */
export async function listReferredChannels(providerIds: readonly number[], account: string | null): Promise<FoundChannel[]> {
  const { rows } = await pool().query<FoundChannel>(
    `WITH wanted AS (
       SELECT s.provider_id, coalesce('item.' || o.item_id, m.app_id, i.guide_id) AS guide_id, coalesce(o.channel_id, m.channel_id) AS channel_id,
         CASE WHEN o.item_id IS NULL THEN m.shift_minutes ELSE 0 END AS shift_minutes,
         o.item_id IS NOT NULL OR coalesce(${DECIDED}, false) AS decided
       FROM source s JOIN item i ON i.id = s.item_id LEFT JOIN guide_match m ON m.item_id = i.id
       LEFT JOIN guide_own_match o ON o.item_id = i.id AND o.account_id = $2::uuid
       WHERE s.provider_id = ANY($1::int[]) AND s.kind = 'channel'),
     found AS (
       SELECT w.provider_id, w.guide_id, w.shift_minutes AS shift, c.*, 0 AS priority FROM wanted w
       JOIN guide_channel c ON c.id = w.channel_id WHERE w.guide_id <> ''
       UNION ALL
       SELECT w.provider_id, w.guide_id, 0, c.*, g.priority
       FROM (SELECT DISTINCT provider_id, guide_id FROM wanted WHERE NOT decided AND guide_id <> '') w
       JOIN guide_source g ON g.provider_id = w.provider_id
       JOIN guide_channel c ON c.source_id = g.id AND lower(c.xmltv_id) = lower(w.guide_id))
     SELECT DISTINCT ON (f.guide_id) f.guide_id AS "guideId", f.id AS "channelId", f.shift AS "shiftMinutes", f.names, f.icon
     FROM found f
     ORDER BY f.guide_id, EXISTS (SELECT 1 FROM programme p WHERE p.channel_id = f.id) DESC,
       f.xmltv_id = f.guide_id DESC, f.priority, array_position($1::int[], f.provider_id), f.id`,
    [providerIds, account],
  )
  return rows
}

export type ShiftedChannel = Pick<FoundChannel, 'channelId' | 'shiftMinutes'>

/** All programmes of some channels that are on between two moments; channel by channel in the order given, then by time. */
export async function listWindow(
  channels: readonly FoundChannel[],
  from: Date | null,
  to: Date | null,
): Promise<WrittenProgramme[]> {
  const { rows } = await pool().query<[...Row, n: number]>({
    rowMode: 'array',
    text: `SELECT p.*, c.n::int - 1 FROM unnest($1::int[], $2::int[]) WITH ORDINALITY AS c (id, shift, n) CROSS JOIN LATERAL (
             SELECT ${columns} FROM programme p WHERE p.channel_id = c.id
               AND p.start > coalesce(${unshifted('$3')}, '-infinity') - ${LONGEST}
               AND p.stop > coalesce(${unshifted('$3')}, '-infinity') AND p.start < coalesce(${unshifted('$4')}, 'infinity')
             ORDER BY p.start) p`,
    values: [channels.map(({ channelId }) => channelId), channels.map(({ shiftMinutes }) => shiftMinutes), from, to],
  })
  return rows.map(row => Object.assign(toProgramme(row), { channel: channels[row[7]]?.guideId ?? '' }))
}

/** What is on at `from` and what follows, at most `limit` programmes; all that is stored without either. */
export async function listOf(ref: GuideRef, from: Date | null, limit: number | null): Promise<Programme[]> {
  const { rows } = await pool().query<Row>({
    rowMode: 'array',
    text: `SELECT p.* FROM (${channelOf('$1', '$2', { item: '$5::int', own: '$6::int' })}) c CROSS JOIN LATERAL (
             SELECT ${columns} FROM programme p WHERE p.channel_id = c.id
               AND p.start > coalesce(${unshifted('$3')}, '-infinity') - ${LONGEST}
               AND p.stop > coalesce(${unshifted('$3')}, '-infinity')
             ORDER BY p.start LIMIT $4) p`,
    values: [ref.providerId, ref.guideId, from, limit, ref.itemId ?? null, ref.ownChannelId ?? null],
  })
  return rows.map(toProgramme)
}

/** What is on at a moment and what follows, of many channels at once: at most two programmes each, by place in `refs`. */
export async function listTwo(refs: readonly GuideRef[], at: Date): Promise<Map<number, Programme[]>> {
  const { rows } = await pool().query<[number, ...Row]>({
    rowMode: 'array',
    text: `SELECT asked.n::int, p.* FROM unnest($1::int[], $2::text[], $4::int[], $5::int[]) WITH ORDINALITY
             AS asked (provider_id, guide_id, item_id, own_id, n)
           CROSS JOIN LATERAL (${channelOf('asked.provider_id', 'asked.guide_id', { item: 'asked.item_id', own: 'asked.own_id' })}) c
           CROSS JOIN LATERAL (
             SELECT ${columns} FROM programme p WHERE p.channel_id = c.id
               AND p.start > ${unshifted('$3')} - ${LONGEST} AND p.stop > ${unshifted('$3')}
             ORDER BY p.start LIMIT 2) p`,
    values: [
      refs.map(({ providerId }) => providerId),
      refs.map(({ guideId }) => guideId),
      at,
      refs.map(({ itemId }) => itemId ?? null),
      refs.map(({ ownChannelId }) => ownChannelId ?? null),
    ],
  })
  const found = new Map<number, Programme[]>()
  for (const [n, ...row] of rows) {
    const list = found.get(n - 1) ?? []
    list.push(toProgramme(row))
    found.set(n - 1, list)
  }
  return found
}

/** One programme of a window, without what only its own page shows. Seconds since 1970. */
export interface WindowProgramme {
  start: number
  stop: number
  title: string
  categories: string[]
  flags: number
}

/** Bits of `flags`, in this order: 1, 2, 4, 8. */
const flagNames = ['isNew', 'isPremiere', 'isRepeat', 'isLive'] as const
const flagColumn = flagNames
  .map((name, bit) => `CASE WHEN p.details @> '{"${name}": true}' THEN ${2 ** bit} ELSE 0 END`)
  .join(' + ')

interface WindowSpan {
  from: Date
  to: Date
}

type WindowRow = [n: number, start: number, stop: number, title: string, categories: string[] | null, flags: number]

/** Of the guide channel `c` between $1 and $2, of nothing but the title $3 when there is one. Overlap counts, touching does not. */
const windowOfChannel = `SELECT ${timeColumns}, p.title, p.categories, ${flagColumn}
  FROM programme p WHERE p.channel_id = c.id AND p.start > ${unshifted('$1')} - ${LONGEST}
    AND p.stop > ${unshifted('$1')} AND p.start < ${unshifted('$2')} AND ($3::text IS NULL OR p.title = $3)
  ORDER BY p.start`

function toWindows(rows: readonly WindowRow[]): Map<number, WindowProgramme[]> {
  const found = new Map<number, WindowProgramme[]>()
  for (const [n, start, stop, title, categories, flags] of rows) {
    const list = found.get(n - 1) ?? []
    list.push({ start, stop, title, categories: categories ?? [], flags })
    found.set(n - 1, list)
  }
  return found
}

/** Refs as the four lists that a question takes. */
const listsOf = (refs: readonly GuideRef[]) => [
  refs.map(({ providerId }) => providerId),
  refs.map(({ guideId }) => guideId),
  refs.map(({ itemId }) => itemId ?? null),
  refs.map(({ ownChannelId }) => ownChannelId ?? null),
]
const channelOfAsked = channelOf('asked.provider_id', 'asked.guide_id', { item: 'asked.item_id', own: 'asked.own_id' })

/** What is on between two moments on many channels at once, by place in `refs`, in time. With a title only programmes of exactly that name. */
export async function listWindows(
  refs: readonly GuideRef[],
  { from, to, title = null }: WindowSpan & { title?: string | null },
): Promise<Map<number, WindowProgramme[]>> {
  const { rows } = await pool().query<WindowRow>({
    rowMode: 'array',
    text: `SELECT asked.n::int, p.* FROM unnest($4::int[], $5::text[], $6::int[], $7::int[]) WITH ORDINALITY
             AS asked (provider_id, guide_id, item_id, own_id, n)
           CROSS JOIN LATERAL (${channelOfAsked}) c CROSS JOIN LATERAL (${windowOfChannel}) p`,
    values: [from, to, title, ...listsOf(refs)],
  })
  return toWindows(rows)
}

/** The same of guide channels, by place in `channels`. */
export async function listChannelWindows(
  channels: readonly ShiftedChannel[],
  { from, to }: WindowSpan,
): Promise<Map<number, WindowProgramme[]>> {
  const { rows } = await pool().query<WindowRow>({
    rowMode: 'array',
    text: `SELECT c.n::int, p.* FROM unnest($4::int[], $5::int[]) WITH ORDINALITY AS c (id, shift, n)
           CROSS JOIN LATERAL (${windowOfChannel}) p`,
    values: [from, to, null, channels.map(({ channelId }) => channelId), channels.map(({ shiftMinutes }) => shiftMinutes)],
  })
  return toWindows(rows)
}

/** Where a ref leads to, with the version of that guide. */
export interface LedChannel extends ShiftedChannel {
  version: string
}

/** The guide channels of refs, by place in `refs`; those without one are left out. */
export async function listLed(refs: readonly GuideRef[]): Promise<Map<number, LedChannel>> {
  const { rows } = await pool().query<[n: number, channelId: number, shiftMinutes: number, sourceId: number, version: number]>({
    rowMode: 'array',
    text: `SELECT asked.n::int, c.id, c.shift, g.id, g.version
           FROM unnest($1::int[], $2::text[], $3::int[], $4::int[]) WITH ORDINALITY
             AS asked (provider_id, guide_id, item_id, own_id, n)
           CROSS JOIN LATERAL (${channelOfAsked}) c
           JOIN guide_channel found ON found.id = c.id JOIN guide_source g ON g.id = found.source_id`,
    values: listsOf(refs),
  })
  return new Map(
    rows.map(([n, channelId, shiftMinutes, sourceId, version]) => [
      n - 1,
      { channelId, shiftMinutes, version: `${sourceId}.${version}` },
    ]),
  )
}

/** Those of the providers whose own guide has not a single channel. */
export async function listProvidersWithoutGuide(providerIds: readonly number[]): Promise<Set<number>> {
  const { rows } = await pool().query<{ id: number }>(
    `SELECT p.id FROM unnest($1::int[]) AS p (id) WHERE NOT EXISTS (
       SELECT 1 FROM guide_source g JOIN guide_channel c ON c.source_id = g.id WHERE g.provider_id = p.id)`,
    [providerIds],
  )
  return new Set(rows.map(({ id }) => id))
}
