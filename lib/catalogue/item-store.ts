import 'server-only'
import { z } from 'zod'
import type { Viewer } from '@/lib/accounts/schema'
import { AppError } from '@/lib/kernel/errors'
import type { ItemKind } from '@/lib/kernel/ids'
import { db, pool } from '@/lib/platform/db'
import { providerNetworks } from '@/lib/providers'
import { type CardRow, cardColumns, cardJoins, inLineUp, inLineUpOrKept, keptValues } from './card-store'
import { getLineUp, type LineUp } from './line-up'
import type { SourceView } from './schema'

/** What `item.details` holds. Picture addresses are the provider's; views replace them. */
export const StoredDetails = z.object({
  backdrop: z.string().nullable().default(null),
  cast: z.array(z.string()).default([]),
  director: z.string().nullable().default(null),
  country: z.string().nullable().default(null),
  trailer: z.string().nullable().default(null),
  ageRating: z.string().nullable().default(null),
  /** Episodes: day of first showing, YYYY-MM-DD. */
  date: z.string().nullable().default(null),
  /** Series: names of seasons by number. */
  seasons: z.record(z.string(), z.string()).default({}),
})
export type StoredDetails = z.infer<typeof StoredDetails>

export interface ItemRow extends CardRow {
  ownerId: string | null
  matchKey: string
  sortName: string
  plot: string | null
  genres: string[]
  durationSeconds: number | null
  addedAt: Date | null
  details: StoredDetails | null
  detailsAt: Date | null
}

const columns = `${cardColumns}, i.owner_id AS "ownerId", i.match_key AS "matchKey", i.sort_name AS "sortName", i.plot, i.genres,
  i.duration_seconds AS "durationSeconds", i.added_at AS "addedAt", i.details, i.details_at AS "detailsAt"`

const parseDetails = (row: ItemRow): ItemRow => ({ ...row, details: StoredDetails.nullable().catch(null).parse(row.details) })

/** An item of the line-up, or one that was kept. @throws NOT_FOUND */
export async function getItemRow(lineUp: LineUp, id: number): Promise<ItemRow> {
  const { rows } = await pool().query<ItemRow>(
    `SELECT ${columns} FROM item i ${cardJoins} WHERE i.id = $2 AND ${inLineUpOrKept(3, 4, 5)}`,
    [lineUp.profileId, id, ...keptValues(lineUp)],
  )
  const row = rows[0]
  if (!row) throw new AppError('NOT_FOUND')
  return parseDetails(row)
}

/** Episodes of a series in order, specials (season 0) last. */
export async function listEpisodeRows(lineUp: LineUp, seriesId: number): Promise<ItemRow[]> {
  const { rows } = await pool().query<ItemRow>(
    `SELECT ${columns} FROM item i ${cardJoins} WHERE i.parent_id = $2 AND ${inLineUp(3)}
     ORDER BY i.season = 0, i.season, i.episode, i.id`,
    [lineUp.profileId, seriesId, lineUp.ids],
  )
  return rows.map(parseDetails)
}

/** The container of each item's first source in the line-up. */
export async function listContainers(lineUp: LineUp, itemIds: readonly number[]): Promise<Map<number, string | null>> {
  const { rows } = await pool().query<{ id: number; container: string | null }>(
    `SELECT DISTINCT ON (item_id) item_id AS id, container FROM source
     WHERE item_id = ANY($1::int[]) AND provider_id = ANY($2::int[]) ORDER BY item_id, id`,
    [itemIds, lineUp.ids],
  )
  return new Map(rows.map(({ id, container }) => [id, container]))
}

/** @throws NOT_FOUND when the viewer does not see the item */
export async function requireInLineUp(viewer: Viewer, itemId: number): Promise<{ id: number; kind: ItemKind; name: string }> {
  const { id, kind, name } = await getItemRow(await getLineUp(viewer), itemId)
  return { id, kind, name }
}

/** A failed source stands behind the others for this long. Minutes. */
const FAILING_MINUTES = 10

/** One way to an item, with what `streamAddress` needs. For the server only: `secretUrl` is sealed, but still not for views. */
export interface SourceRecord {
  id: number
  providerId: number
  kind: ItemKind
  providerItemId: string
  container: string | null
  /** How far back its archive reaches; 0 = none. */
  archiveDays: number
  secretUrl: string | null
  name: string
  category: string | null
  categoryId: number | null
  failing: boolean
  missing: boolean
  failures: number
  facts: unknown
  /** When they were seen; null for facts of before this was kept. */
  factsAt: Date | null
}

export async function listSourceRecords(lineUp: LineUp, itemId: number): Promise<SourceRecord[]> {
  const rows = await db().source.findMany({
    where: { itemId, providerId: { in: lineUp.ids }, ...withinBouquets(lineUp) },
    select: {
      id: true,
      providerId: true,
      kind: true,
      providerItemId: true,
      container: true,
      archiveDays: true,
      secretUrl: true,
      name: true,
      failedAt: true,
      failures: true,
      missingAt: true,
      facts: true,
      factsAt: true,
      categoryId: true,
      category: { select: { name: true } },
    },
    orderBy: { id: 'asc' },
  })
  const edge = Date.now() - FAILING_MINUTES * 60_000
  const records = rows.map(({ failedAt, missingAt, category, ...row }) => ({
    ...row,
    category: category?.name ?? null,
    failing: failedAt !== null && failedAt.getTime() > edge,
    missing: missingAt !== null,
  }))
  const rank = (record: SourceRecord) => (record.failing ? 2 : 0) + (record.missing ? 1 : 0)
  return records.sort((a, b) => rank(a) - rank(b) || a.id - b.id)
}

/** Episodes stand in no category of their own: their series does. */
function withinBouquets({ categoryIds, providers }: LineUp) {
  if (categoryIds === null) return {}
  const own = [...providers.values()].filter(({ platform }) => !platform).map(({ id }) => id)
  const isIn = { categoryId: { in: categoryIds } }
  return { OR: [{ providerId: { in: own } }, isIn, { item: { parent: { sources: { some: isIn } } } }] }
}

/**
 * The sources of an item in the order they should be tried: healthy ones first, then those their provider no longer
 * lists, then those that failed of late. @throws NOT_FOUND; NO_SOURCE when nothing carries it any more
 */
export async function listSources(viewer: Viewer, itemId: number): Promise<SourceRecord[]> {
  const lineUp = await getLineUp(viewer)
  const [, records] = await Promise.all([getItemRow(lineUp, itemId), listSourceRecords(lineUp, itemId)])
  if (records.length === 0) throw new AppError('NO_SOURCE')
  return records
}

/** Of those of these channels that are in the viewer's line-up: their sources, the first one first, and whose they are. */
export async function listChannelSources(
  viewer: Viewer,
  itemIds: readonly number[],
): Promise<{ id: number; itemId: number; providerId: number }[]> {
  const lineUp = await getLineUp(viewer)
  return db().source.findMany({
    where: { itemId: { in: [...itemIds] }, kind: 'channel', providerId: { in: lineUp.ids }, ...withinBouquets(lineUp) },
    select: { id: true, itemId: true, providerId: true },
    orderBy: { id: 'asc' },
  })
}

/** What a try at a source showed. `facts` = container and codecs as seen on the wire. */
export async function noteSourceResult(sourceId: number, ok: boolean, facts?: object): Promise<void> {
  const health = ok ? { failedAt: null, failures: 0 } : { failedAt: new Date(), failures: { increment: 1 } }
  await db().source.updateMany({
    where: { id: sourceId },
    data: { ...health, ...(facts ? { facts: { ...facts }, factsAt: new Date() } : {}) },
  })
}

export function toSourceView(lineUp: LineUp, { id, name, providerId, category, failing }: SourceRecord): SourceView {
  return { id, name, provider: { id: providerId, name: lineUp.providers.get(providerId)?.name ?? '' }, category, failing }
}

/**
 * Where an item's picture is and in which private networks it may be fetched, for the picture cache. Null when it has none.
 * @throws NOT_FOUND
 */
export async function findPicture(
  viewer: Viewer,
  itemId: number,
  which: 'poster' | 'backdrop',
): Promise<{ url: string; privateNetworks: string[] } | null> {
  const lineUp = await getLineUp(viewer)
  const row = await getItemRow(lineUp, itemId)
  const url = which === 'backdrop' ? (row.details?.backdrop ?? null) : (row.image ?? row.parentImage)
  if (url === null) return null
  const sources = await db().source.findMany({
    where: { itemId, providerId: { in: lineUp.ids } },
    select: { providerId: true },
    distinct: ['providerId'],
  })
  return {
    url,
    privateNetworks: reachedByAll(sources.map(({ providerId }) => lineUp.providers.get(providerId)?.privateNetworks)),
  }
}

/** Nobody wrote down which source a picture came from, so only what all of them may reach is reached. */
function reachedByAll(networks: readonly (readonly string[] | undefined)[]): string[] {
  const [first = [], ...others] = networks
  return first.filter(network => others.every(other => other?.includes(network)))
}

/** The same for whoever holds a signed address of the picture: the signature is the right to see it. */
export async function findPictureForApps(itemId: number): Promise<{ url: string; privateNetworks: string[] } | null> {
  const { rows } = await pool().query<{ url: string | null }>(
    'SELECT coalesce(i.image, parent.image) AS url FROM item i LEFT JOIN item parent ON parent.id = i.parent_id WHERE i.id = $1',
    [itemId],
  )
  const url = rows[0]?.url ?? null
  if (url === null) return null
  const sources = await db().source.findMany({
    where: { itemId },
    select: { provider: { select: { ownerId: true, options: true } } },
    distinct: ['providerId'],
  })
  return { url, privateNetworks: reachedByAll(sources.map(({ provider }) => providerNetworks(provider))) }
}

/** Up to `limit` newer items that share a genre; for channels and items without one, of the same category. */
export async function listSimilar(lineUp: LineUp, row: ItemRow, limit: number): Promise<number[]> {
  if (row.genres.length === 0) {
    const { rows } = await pool().query<{ id: number }>(
      `SELECT DISTINCT o.item_id AS id FROM (SELECT category_id, position FROM source
         WHERE item_id = $1 AND provider_id = ANY($2::int[]) AND category_id IS NOT NULL LIMIT 1) own
       CROSS JOIN LATERAL (SELECT item_id FROM source n WHERE n.category_id = own.category_id
         AND n.position > own.position - ${limit} AND n.item_id <> $1 ORDER BY n.position LIMIT ${limit}) o`,
      [row.id, lineUp.ids],
    )
    return rows.map(({ id }) => id)
  }
  const { rows } = await pool().query<{ id: number }>(
    `SELECT i.id FROM item i WHERE i.owner_id IS NOT DISTINCT FROM $1::uuid AND i.kind = $2::"ItemKind" AND i.genres && $3::text[]
       AND i.id <> $4 AND ${inLineUp(5)} ORDER BY i.added_at DESC, i.id DESC LIMIT ${limit}`,
    [row.ownerId, row.kind, row.genres.slice(0, 2), row.id, lineUp.ids],
  )
  return rows.map(({ id }) => id)
}
