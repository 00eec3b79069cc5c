import 'server-only'
import { pool } from '@/lib/platform/db'
import type { Programme, ProgrammeDetails } from './schema'

/** A channel of viewers in the guide: which provider, and the id by which its item names it. */
export interface GuideRef {
  providerId: number
  guideId: string
}

export interface FoundChannel {
  /** The id that items carry; differs from the guide's own in capitals at most. */
  guideId: string
  channelId: number
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

// Seconds instead of dates: half a million of them are read for one document.
const columns = `extract(epoch FROM p.start)::float8, extract(epoch FROM p.stop)::float8, p.title, p.sub_title, p.description,
  p.categories, p.details`
/** No programme is longer than a day (xmltv-time.ts), so that the key bounds a window on both sides. */
const LONGEST = "interval '1 day'"

const toProgramme = ([start, stop, title, subTitle, description, categories, details]: Row): Programme => ({
  start: new Date(start * 1_000),
  stop: new Date(stop * 1_000),
  title,
  subTitle,
  description,
  categories: categories ?? [],
  details,
})

/** The channel of a provider's own guide that an id means: the same letters, else the same without capitals. */
const channelOf = (provider: string, id: string) =>
  `SELECT c.id FROM guide_source g JOIN guide_channel c ON c.source_id = g.id
   WHERE g.provider_id = ${provider} AND lower(c.xmltv_id) = lower(${id}) ORDER BY c.xmltv_id = ${id} DESC, c.id LIMIT 1`

/**
 * The guide channels that items of these providers refer to, each id once: the first provider that has programmes for it
 * gives them.
 */
export async function listReferredChannels(providerIds: readonly number[]): Promise<FoundChannel[]> {
  const { rows } = await pool().query<FoundChannel>(
    `SELECT DISTINCT ON (wanted.guide_id) wanted.guide_id AS "guideId", c.id AS "channelId", c.names, c.icon
     FROM (SELECT DISTINCT s.provider_id, i.guide_id FROM source s JOIN item i ON i.id = s.item_id
           WHERE s.provider_id = ANY($1::int[]) AND s.kind = 'channel' AND i.guide_id <> '') wanted
     JOIN guide_source g ON g.provider_id = wanted.provider_id
     JOIN guide_channel c ON c.source_id = g.id AND lower(c.xmltv_id) = lower(wanted.guide_id)
     ORDER BY wanted.guide_id, EXISTS (SELECT 1 FROM programme p WHERE p.channel_id = c.id) DESC,
       c.xmltv_id = wanted.guide_id DESC, g.priority, array_position($1::int[], wanted.provider_id), c.id`,
    [providerIds],
  )
  return rows
}

export interface ChannelProgramme extends Programme {
  channelId: number
}

/** All programmes of some channels that are on between two moments; channel by channel in the order given, then by time. */
export async function listWindow(channelIds: readonly number[], from: Date | null, to: Date | null): Promise<ChannelProgramme[]> {
  const { rows } = await pool().query<[number, ...Row]>({
    rowMode: 'array',
    text: `SELECT m.id, p.* FROM unnest($1::int[]) WITH ORDINALITY AS m (id, n) CROSS JOIN LATERAL (
             SELECT ${columns} FROM programme p WHERE p.channel_id = m.id
               AND p.start > coalesce($2::timestamptz, '-infinity') - ${LONGEST} AND p.stop > coalesce($2::timestamptz, '-infinity')
               AND p.start < coalesce($3::timestamptz, 'infinity')
             ORDER BY p.start) p`,
    values: [channelIds, from, to],
  })
  return rows.map(([channelId, ...row]) => Object.assign(toProgramme(row), { channelId }))
}

/** What is on at `from` and what follows, at most `limit` programmes; all that is stored without either. */
export async function listOf(ref: GuideRef, from: Date | null, limit: number | null): Promise<Programme[]> {
  const { rows } = await pool().query<Row>({
    rowMode: 'array',
    text: `SELECT ${columns} FROM programme p WHERE p.channel_id = (${channelOf('$1', '$2')})
             AND p.start > coalesce($3::timestamptz, '-infinity') - ${LONGEST} AND p.stop > coalesce($3::timestamptz, '-infinity')
           ORDER BY p.start LIMIT $4`,
    values: [ref.providerId, ref.guideId, from, limit],
  })
  return rows.map(toProgramme)
}

/** What is on at a moment and what follows, of many channels at once: at most two programmes each, by place in `refs`. */
export async function listTwo(refs: readonly GuideRef[], at: Date): Promise<Map<number, Programme[]>> {
  const { rows } = await pool().query<[number, ...Row]>({
    rowMode: 'array',
    text: `SELECT m.n::int, p.* FROM unnest($1::int[], $2::text[]) WITH ORDINALITY AS m (provider_id, guide_id, n)
           CROSS JOIN LATERAL (${channelOf('m.provider_id', 'm.guide_id')}) c
           CROSS JOIN LATERAL (
             SELECT ${columns} FROM programme p
             WHERE p.channel_id = c.id AND p.start > $3::timestamptz - ${LONGEST} AND p.stop > $3::timestamptz
             ORDER BY p.start LIMIT 2) p`,
    values: [refs.map(({ providerId }) => providerId), refs.map(({ guideId }) => guideId), at],
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

/**
 * What is on between two moments on many channels at once, by place in `refs`, in time. With a title only programmes of
 * exactly that name. Overlap counts, touching does not.
 */
export async function listWindows(
  refs: readonly GuideRef[],
  { from, to, title = null }: { from: Date; to: Date; title?: string | null },
): Promise<Map<number, WindowProgramme[]>> {
  const { rows } = await pool().query<
    [n: number, start: number, stop: number, title: string, categories: string[] | null, flags: number]
  >({
    rowMode: 'array',
    text: `SELECT m.n::int, p.* FROM unnest($1::int[], $2::text[]) WITH ORDINALITY AS m (provider_id, guide_id, n)
           CROSS JOIN LATERAL (${channelOf('m.provider_id', 'm.guide_id')}) c
           CROSS JOIN LATERAL (
             SELECT extract(epoch FROM p.start)::float8, extract(epoch FROM p.stop)::float8, p.title, p.categories, ${flagColumn}
             FROM programme p WHERE p.channel_id = c.id AND p.start > $3::timestamptz - ${LONGEST}
               AND p.stop > $3::timestamptz AND p.start < $4::timestamptz AND ($5::text IS NULL OR p.title = $5)
             ORDER BY p.start) p`,
    values: [refs.map(({ providerId }) => providerId), refs.map(({ guideId }) => guideId), from, to, title],
  })
  const found = new Map<number, WindowProgramme[]>()
  for (const [n, start, stop, name, categories, flags] of rows) {
    const list = found.get(n - 1) ?? []
    list.push({ start, stop, title: name, categories: categories ?? [], flags })
    found.set(n - 1, list)
  }
  return found
}
