import 'server-only'
import type { PoolClient } from 'pg'
import { pool } from '@/lib/platform/db'
import { StoredDetails } from './item-store'
import type { LineUp } from './line-up'
import type { BrowseKind } from './schema'

/** One row of a list for other apps: an item once, whatever number of sources it has. */
export interface ListedItem {
  id: number
  name: string
  image: string | null
  guideId: string | null
  archiveDays: number
  adult: boolean
  year: number | null
  rating: number | null
  genres: string[]
  addedAt: Date | null
  plot: string | null
  durationSeconds: number | null
  details: StoredDetails | null
  container: string | null
  /** Where it stands first; null in no category. */
  categoryId: number | null
  categoryIds: number[]
}

export interface ListedCategory {
  id: number
  name: string
}

export interface ListedEpisode extends ListedItem {
  seriesName: string
  season: number
  episode: number
}

const FETCH_ROWS = 2_000

/** As in `guide-channel-store`: apps look for this id in the guide. */
const guideId = `coalesce(
  (SELECT 'item.' || o.item_id FROM guide_own_match o WHERE o.item_id = i.id AND o.account_id = $4::uuid),
  (SELECT m.app_id FROM guide_match m WHERE m.item_id = i.id), i.guide_id)`
const itemColumns = `i.id, i.name, i.image, ${guideId} AS "guideId", i.archive_days AS "archiveDays", i.adult, i.year, i.rating,
  i.genres, i.added_at AS "addedAt", i.plot, i.duration_seconds AS "durationSeconds", i.details`

/** Condition on a source `s`: carried by a provider of the line-up and, on the platform, by its bouquets. `$1`, `$2`, `$3`. */
const within = `s.provider_id = ANY($1::int[])
  AND ($2::int[] IS NULL OR s.category_id = ANY($2::int[]) OR NOT s.provider_id = ANY($3::int[]))`
const withinValues = ({ ids, categoryIds, providers }: LineUp) => [
  ids,
  categoryIds,
  [...providers.values()].filter(({ platform }) => platform).map(({ id }) => id),
]

/**
 * Every item of a kind in the providers' order, batch by batch through a cursor: the list may have 150,000 rows. A category
 * narrows it; an item that stands in several is in each of them.
 */
export async function* listForApps(
  lineUp: LineUp,
  kind: BrowseKind,
  categoryId: number | null,
): AsyncGenerator<ListedItem[], void, undefined> {
  if (lineUp.ids.length === 0) return
  const inCategory = categoryId === null ? '' : 'AND s.item_id IN (SELECT o.item_id FROM source o WHERE o.category_id = $5)'
  const sql = `SELECT ${itemColumns}, own.container, own.categories AS "categoryIds" FROM (
      SELECT s.item_id, min(ARRAY[s.provider_id, s.position, s.id]) AS place,
        (array_agg(s.container ORDER BY s.provider_id, s.position, s.id))[1] AS container,
        array_agg(s.category_id ORDER BY s.provider_id, s.position, s.id) AS categories
      FROM source s WHERE s.kind = '${kind}' AND ${within} ${inCategory} GROUP BY s.item_id) own
    JOIN item i ON i.id = own.item_id ORDER BY own.place`
  const values = [...withinValues(lineUp), lineUp.guidesOf, ...(categoryId === null ? [] : [categoryId])]
  for await (const rows of fetchAll<Omit<ListedItem, 'categoryId'>>(sql, values)) {
    yield rows.map(row => withCategory(row, categoryId))
  }
}

/** Every episode that is known, series by series; those nobody has opened yet are not known to us. */
export async function* listEpisodesForApps(lineUp: LineUp): AsyncGenerator<ListedEpisode[], void, undefined> {
  if (lineUp.ids.length === 0) return
  const sql = `SELECT ${itemColumns}, i.season, i.episode, parent.name AS "seriesName", own.container, ARRAY[p.category_id] AS "categoryIds"
    FROM item i JOIN item parent ON parent.id = i.parent_id
    JOIN LATERAL (SELECT s.container FROM source s WHERE s.item_id = i.id AND s.provider_id = ANY($1::int[]) ORDER BY s.id LIMIT 1) own ON true
    JOIN LATERAL (SELECT s.category_id FROM source s WHERE s.item_id = parent.id AND ${within} ORDER BY s.id LIMIT 1) p ON true
    WHERE i.kind = 'episode' ORDER BY parent.sort_name, parent.id, i.season, i.episode, i.id`
  for await (const rows of fetchAll<Omit<ListedEpisode, 'categoryId'>>(sql, [...withinValues(lineUp), lineUp.guidesOf])) {
    yield rows.map(row => ({ ...row, ...withCategory(row, null) }))
  }
}

function withCategory<Row extends Omit<ListedItem, 'categoryId'>>(row: Row, asked: number | null): Row & ListedItem {
  const categoryIds = [...new Set(row.categoryIds.filter(id => id !== null))]
  return {
    ...row,
    details: StoredDetails.nullable().catch(null).parse(row.details),
    categoryIds,
    categoryId: asked ?? categoryIds[0] ?? null,
  }
}

/** Categories in the providers' order; those with nothing in them are left out. */
export async function listCategoriesForApps(lineUp: LineUp, kind: BrowseKind): Promise<ListedCategory[]> {
  const { rows } = await pool().query<ListedCategory>(
    `SELECT c.id, c.name FROM category c WHERE c.kind = '${kind}' AND c.provider_id = ANY($1::int[]) AND c.item_count > 0
       AND ($2::int[] IS NULL OR c.id = ANY($2::int[]) OR NOT c.provider_id = ANY($3::int[]))
     ORDER BY c.provider_id, c.position, c.id`,
    withinValues(lineUp),
  )
  return rows
}

async function* fetchAll<Row extends object>(sql: string, values: unknown[]): AsyncGenerator<Row[], void, undefined> {
  const client = await pool().connect()
  let failure: Error | undefined
  try {
    await client.query('BEGIN READ ONLY')
    await client.query(`DECLARE rows NO SCROLL CURSOR FOR ${sql}`, values)
    for (;;) {
      const { rows } = await client.query<Row>(`FETCH ${FETCH_ROWS} FROM rows`)
      if (rows.length > 0) yield rows
      if (rows.length < FETCH_ROWS) return
    }
  } catch (error) {
    failure = error as Error
    throw error
  } finally {
    await endRead(client, failure)
  }
}

/** A reader that stops early, too, leaves the connection as it found it. */
async function endRead(client: PoolClient, failure: Error | undefined): Promise<void> {
  try {
    await client.query('ROLLBACK')
    client.release()
  } catch {
    client.release(failure ?? true)
  }
}
