import 'server-only'
import type { PoolClient } from 'pg'
import { canChange } from '@/lib/accounts'
import type { Viewer } from '@/lib/accounts/schema'
import { AppError } from '@/lib/kernel/errors'
import { publish } from '@/lib/platform/bus'
import { pool } from '@/lib/platform/db'
import { settleDepths } from './archive-depth-store'
import { inLineUp, loadCards } from './card-store'
import { getItemRow, type ItemRow } from './item-store'
import { getLineUp, type LineUp } from './line-up'
import type { ItemCard } from './schema'

const MAX_TWINS = 20
/** How alike two names must be to be shown as maybe the same. 0 to 1. */
const ALIKE = 0.5

async function inTransaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool().connect()
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

/** @throws NOT_FOUND, FORBIDDEN when the item belongs to the platform and the viewer is no admin */
async function getChangeableItem(viewer: Viewer, lineUp: LineUp, id: number): Promise<ItemRow> {
  const row = await getItemRow(lineUp, id)
  if (!canChange(viewer, row.ownerId)) throw new AppError('FORBIDDEN')
  return row
}

/** For rooms that keep something about an item. @throws NOT_FOUND, FORBIDDEN */
export async function requireChangeableItem(viewer: Viewer, id: number): Promise<void> {
  await getChangeableItem(viewer, await getLineUp(viewer), id)
}

/** Items of the same kind and owner that look like the same thing: equal names first, then alike ones. @throws NOT_FOUND */
export async function findTwins(viewer: Viewer, itemId: number): Promise<ItemCard[]> {
  const lineUp = await getLineUp(viewer)
  const row = await getItemRow(lineUp, itemId)
  const { rows } = await pool().query<{ id: number }>(
    `SELECT id FROM (
       SELECT i.id, 2 AS score FROM item i WHERE i.kind = $2::"ItemKind" AND i.match_key = $3 AND i.id <> $4
         AND i.owner_id IS NOT DISTINCT FROM $5::uuid AND ${inLineUp(1)}
       UNION ALL
       SELECT i.id, similarity(i.sort_name, $6) FROM item i WHERE i.sort_name % $6 AND similarity(i.sort_name, $6) >= ${ALIKE}
         AND i.kind = '${row.kind}' AND i.id <> $4 AND i.owner_id IS NOT DISTINCT FROM $5::uuid AND ${inLineUp(1)}) found
     GROUP BY id ORDER BY max(score) DESC, id LIMIT ${MAX_TWINS}`,
    [lineUp.ids, row.kind, row.matchKey, row.id, row.ownerId, row.sortName],
  )
  return loadCards(
    lineUp,
    rows.map(({ id }) => id),
  )
}

/**
 * Makes one item of two: the sources, favourites, history and episodes of `otherId` move to `itemId`, which keeps its
 * name. @throws NOT_FOUND, FORBIDDEN, INVALID_PARAMETER when they are not of one kind and owner
 */
export async function mergeItems(viewer: Viewer, itemId: number, otherId: number): Promise<ItemCard> {
  const lineUp = await getLineUp(viewer)
  const target = await getChangeableItem(viewer, lineUp, itemId)
  const other = await getChangeableItem(viewer, lineUp, otherId)
  if (target.id === other.id || target.kind !== other.kind) {
    throw new AppError('INVALID_PARAMETER', {
      field: 'itemId',
      say: 'These two cannot become one: they are not of the same kind.',
    })
  }
  if (target.ownerId !== other.ownerId) {
    throw new AppError('INVALID_PARAMETER', {
      field: 'itemId',
      say: 'These two cannot become one: one is from a source of your own, the other from a source that everyone here shares.',
    })
  }
  await inTransaction(async client => {
    await client.query('SELECT id FROM item WHERE id = ANY($1::int[]) ORDER BY id FOR UPDATE', [[itemId, otherId]])
    if (target.kind === 'series') await mergeEpisodes(client, itemId, otherId)
    await moveAll(client, [[otherId, itemId]])
    await moveVersions(client, [itemId])
  })
  await tellChanged([itemId])
  const [card] = await loadCards(lineUp, [itemId])
  if (!card) throw new AppError('NOT_FOUND')
  return card
}

const carriers = `SELECT DISTINCT provider_id FROM source WHERE item_id = ANY($1::int[])`

/** Lists that were rendered before are another now. */
async function moveVersions(client: PoolClient, itemIds: number[]): Promise<void> {
  await client.query(`UPDATE provider SET version = version + 1 WHERE id IN (${carriers})`, [itemIds])
}

async function tellChanged(itemIds: number[]): Promise<void> {
  const { rows } = await pool().query<{ provider_id: number }>(carriers, [itemIds])
  await publish('catalogue.changed', { providerIds: rows.map(row => row.provider_id) })
}

/** Moves what hangs on the first of each pair to the second, and deletes the first. */
async function moveAll(client: PoolClient, pairs: readonly (readonly [number, number])[]): Promise<void> {
  if (pairs.length === 0) return
  const values = [pairs.map(([from]) => from), pairs.map(([, to]) => to)]
  const moving = 'unnest($1::int[], $2::int[]) AS pair (old, new)'
  await client.query(
    `INSERT INTO favourite (profile_id, item_id, added_at) SELECT f.profile_id, pair.new, min(f.added_at)
     FROM favourite f JOIN ${moving} ON f.item_id = pair.old GROUP BY f.profile_id, pair.new ON CONFLICT DO NOTHING`,
    values,
  )
  await client.query(
    `INSERT INTO watch (profile_id, item_id, watched_at, position_seconds, duration_seconds, finished)
     SELECT DISTINCT ON (w.profile_id, pair.new) w.profile_id, pair.new, w.watched_at, w.position_seconds, w.duration_seconds,
       w.finished FROM watch w JOIN ${moving} ON w.item_id = pair.old ORDER BY w.profile_id, pair.new, w.watched_at DESC
     ON CONFLICT (profile_id, item_id) DO UPDATE SET watched_at = EXCLUDED.watched_at,
       position_seconds = EXCLUDED.position_seconds, duration_seconds = EXCLUDED.duration_seconds, finished = EXCLUDED.finished
     WHERE EXCLUDED.watched_at > watch.watched_at`,
    values,
  )
  await client.query(`UPDATE source s SET item_id = pair.new FROM ${moving} WHERE s.item_id = pair.old`, values)
  await client.query('DELETE FROM item WHERE id = ANY($1::int[])', [values[0]])
  await settleDepths(client, 'SELECT unnest($1::int[])', [values[1]])
}

/** Episodes of the same season and number become one; the others change their series. */
async function mergeEpisodes(client: PoolClient, itemId: number, otherId: number): Promise<void> {
  const { rows } = await client.query<{ from: number; to: number }>(
    `SELECT o.id AS from, min(t.id) AS to FROM item o JOIN item t ON t.parent_id = $1 AND t.season = o.season AND t.episode = o.episode
     WHERE o.parent_id = $2 GROUP BY o.id`,
    [itemId, otherId],
  )
  await moveAll(
    client,
    rows.map(({ from, to }) => [from, to] as const),
  )
  await client.query('UPDATE item SET parent_id = $1 WHERE parent_id = $2', [itemId, otherId])
}

/**
 * Takes one source out of an item and gives it an item of its own under its own name. Favourites and history stay where
 * they were. @throws NOT_FOUND, FORBIDDEN, CONFLICT when it is the only source
 */
export async function splitSource(viewer: Viewer, sourceId: number): Promise<ItemCard> {
  const lineUp = await getLineUp(viewer)
  const { rows } = await pool().query<{ itemId: number }>(
    'SELECT item_id AS "itemId" FROM source WHERE id = $1 AND provider_id = ANY($2::int[])',
    [sourceId, lineUp.ids],
  )
  const itemId = rows[0]?.itemId
  if (itemId === undefined) throw new AppError('NOT_FOUND')
  await getChangeableItem(viewer, lineUp, itemId)
  const newId = await inTransaction(async client => {
    const made = await split(client, itemId, sourceId)
    await moveVersions(client, [itemId, made])
    return made
  })
  await tellChanged([itemId, newId])
  const [card] = await loadCards(lineUp, [newId])
  if (!card) throw new AppError('NOT_FOUND')
  return card
}

async function split(client: PoolClient, itemId: number, sourceId: number): Promise<number> {
  await client.query('SELECT id FROM item WHERE id = $1 FOR UPDATE', [itemId])
  const others = await client.query('SELECT 1 FROM source WHERE item_id = $1 AND id <> $2 LIMIT 1', [itemId, sourceId])
  if (others.rowCount === 0) throw new AppError('CONFLICT', { say: 'This is the only source. There is nothing to take apart.' })
  const { rows } = await client.query<{ id: number; providerId: number }>(
    `INSERT INTO item (kind, owner_id, name, sort_name, match_key, image, number, guide_id, archive_days, adult, year, rating,
       genres, added_at, plot, parent_id, season, episode, duration_seconds)
     SELECT i.kind, i.owner_id, s.name, s.match_key, s.match_key, i.image, i.number, i.guide_id, i.archive_days, i.adult, i.year,
       i.rating, i.genres, i.added_at, i.plot, i.parent_id, i.season, i.episode, i.duration_seconds
     FROM source s JOIN item i ON i.id = s.item_id WHERE s.id = $1 AND i.id = $2
     RETURNING id, (SELECT provider_id FROM source WHERE id = $1) AS "providerId"`,
    [sourceId, itemId],
  )
  const made = rows[0]
  if (!made) throw new AppError('NOT_FOUND')
  await client.query('UPDATE source SET item_id = $2 WHERE id = $1', [sourceId, made.id])
  await settleDepths(client, 'SELECT unnest($1::int[])', [[itemId, made.id]])
  // The episodes that came from this source are fetched anew for the series of its own.
  await client.query(
    `DELETE FROM source x USING item e WHERE e.id = x.item_id AND e.parent_id = $1 AND x.provider_id = $2
       AND NOT EXISTS (SELECT 1 FROM source s WHERE s.item_id = $1 AND s.provider_id = $2)`,
    [itemId, made.providerId],
  )
  await client.query(
    `DELETE FROM item e WHERE e.parent_id = $1 AND NOT EXISTS (SELECT 1 FROM source x WHERE x.item_id = e.id)
       AND NOT EXISTS (SELECT 1 FROM favourite f WHERE f.item_id = e.id) AND NOT EXISTS (SELECT 1 FROM watch w WHERE w.item_id = e.id)`,
    [itemId],
  )
  return made.id
}
