import 'server-only'
import type { PoolClient } from 'pg'
import type { ItemKind } from '@/lib/kernel/ids'
import { settleDepths } from './archive-depth-store'
import { beginWrite, checkAgain, type ImportSession, stageOf, updateStatistics } from './stage-store'

/** Into whose catalogue a staged list goes. */
export interface MergeScope {
  providerId: number
  /** Null = platform. */
  ownerId: string | null
  kind: ItemKind
  /** Where sources go whose category the provider does not list; null for episodes. */
  uncategorisedId: number | null
  /** The list arrived whole: what it lacks counts as missing. */
  isComplete: boolean
  /** The list was read category by category, from these (the provider's ids): it says nothing of what stands elsewhere. */
  onlyCategories: readonly string[] | null
  autoMerge: boolean
}

export interface MergeResult {
  added: number
  changed: number
  removed: number
  /** Sources that this list lacks for the first time. */
  missing: number
  /** Sources there were before. */
  before: number
}

const itemColumns =
  'id, kind, owner_id, parent_id, name, sort_name, match_key, image, number, guide_id, archive_days, adult, year, rating, genres, added_at, season, episode, duration_seconds, plot, details'
const sourceColumns =
  'item_id, provider_id, kind, provider_item_id, category_id, name, position, container, archive_days, secret_url, match_key'

/** The values of a new item; `s` is the staging table, `id` the SQL of its id. */
const itemValues = (id: string) =>
  `${id}, $2::"ItemKind", $3::uuid, parent.item_id, s.name, s.sort_name, s.match_key, s.image, s.number, s.guide_id, s.archive_days,
   s.adult, s.year, s.rating, s.genres, coalesce(s.added_at, now()), s.season, s.episode, s.duration_seconds, s.plot, s.details`
const parentJoin = `LEFT JOIN source parent ON s.parent IS NOT NULL AND parent.provider_id = $1 AND parent.kind = 'series'
   AND parent.provider_item_id = s.parent`
const sourceValues = (id: string) =>
  `${id}, $1::int, $2::"ItemKind", s.pid, coalesce(c.id, $3::int), s.name, s.position, s.container, s.archive_days, s.secret_url, s.match_key`
const changedItems = `SELECT item_id FROM source WHERE provider_id = $1 AND kind = 'channel' UNION SELECT item_id FROM leaving`
const categoryJoin =
  'LEFT JOIN category c ON c.provider_id = $1 AND c.kind = $2::"ItemKind" AND c.provider_category_id = s.category'

/** True when the provider has no source of this kind yet: nothing to compare with, the fast way in. */
export async function isFirstImport(client: PoolClient, providerId: number, kind: ItemKind): Promise<boolean> {
  const sql = 'SELECT 1 FROM source WHERE provider_id = $1 AND kind = $2::"ItemKind" LIMIT 1'
  return (await client.query(sql, [providerId, kind])).rowCount === 0
}

/**
 * Writes staged rows that already have item ids, and empties the staging table. Returns how many. After the first chunk of
 * a kind the planner is told: with the statistics of an empty table, searches would walk everything until the import ends.
 */
export async function insertFirst(session: ImportSession, scope: MergeScope, isFirstChunk: boolean): Promise<number> {
  const { providerId, ownerId, kind, uncategorisedId } = scope
  const { client } = session
  const stage = stageOf(kind)
  await beginWrite(session, providerId)
  const { rowCount } = await client.query(
    `INSERT INTO item (${itemColumns}) SELECT ${itemValues('s.item_id')} FROM ${stage} s ${parentJoin} ORDER BY s.sort_name`,
    [providerId, kind, ownerId],
  )
  await client.query(
    `INSERT INTO source (${sourceColumns}) SELECT ${sourceValues('s.item_id')} FROM ${stage} s ${categoryJoin}`,
    [providerId, kind, uncategorisedId],
  )
  await noteWords(client, stage)
  await client.query(`TRUNCATE ${stage}`)
  await client.query('COMMIT')
  if (isFirstChunk) await updateStatistics(client)
  return rowCount ?? 0
}

/** Words of new names, so that a mistyped word finds them. In one order, so that two imports cannot lock each other out. */
async function noteWords(client: PoolClient, stage: string): Promise<void> {
  await client.query(
    `INSERT INTO search_word SELECT word FROM (
       SELECT DISTINCT unnest(string_to_array(sort_name, ' ')) AS word FROM ${stage}) words
     WHERE length(word) BETWEEN 3 AND 32 ORDER BY word ON CONFLICT DO NOTHING`,
  )
}

/**
 * Brings sources and items in line with the staged list and keeps their ids: the same provider id is the same thing; a
 * renumbered list finds its items by name; a new name under an old id renames. One transaction: others see the old or
 * the new catalogue, never half of one.
 */
export async function mergeStaged(session: ImportSession, scope: MergeScope): Promise<MergeResult> {
  const { providerId, kind } = scope
  const { client } = session
  await beginWrite(session, providerId)
  await client.query(`ANALYZE ${stageOf(kind)}`)
  const { rows } = await client.query<{ before: number }>(
    'SELECT count(*)::int AS before FROM source WHERE provider_id = $1 AND kind = $2::"ItemKind"',
    [providerId, kind],
  )
  await makePlan(client, scope)
  const moved = scope.isComplete ? await pairMoved(client, scope) : 0
  const added = await planNew(client, scope)
  const updated = await writePlan(client, scope)
  await checkAgain(session)
  const { removed, missing } = scope.isComplete ? await settleMissing(client, scope) : { removed: 0, missing: 0 }
  if (kind === 'channel') await settleDepths(client, changedItems, [providerId])
  await removeEmptied(client)
  if (updated > 0 || added > 0) await noteWords(client, stageOf(kind))
  await client.query('COMMIT')
  return { added, changed: updated + moved, removed, missing, before: rows[0]?.before ?? 0 }
}

async function makePlan(client: PoolClient, { providerId, kind }: MergeScope): Promise<void> {
  await client.query(
    `CREATE TEMP TABLE plan (pid text, match_key text, name text, source_id int, item_id int, same boolean, took int,
       is_new boolean DEFAULT false) ON COMMIT DROP`,
  )
  await client.query('CREATE TEMP TABLE leaving (item_id int) ON COMMIT DROP')
  await client.query(
    `INSERT INTO plan (pid, match_key, name, source_id, item_id, same)
     SELECT s.pid, s.match_key, s.name, x.id, x.item_id, x.match_key IS NOT DISTINCT FROM s.match_key
     FROM ${stageOf(kind)} s
     LEFT JOIN source x ON x.provider_id = $1 AND x.kind = $2::"ItemKind" AND x.provider_item_id = s.pid`,
    [providerId, kind],
  )
  await client.query('ANALYZE plan')
}

/** The sources whose absence from the list means something; `$3` = `onlyCategories`. */
const inScope = (source: string) => `${source}.provider_id = $1 AND ${source}.kind = $2::"ItemKind"
    AND ($3::text[] IS NULL OR ${source}.category_id IN (
      SELECT id FROM category WHERE provider_id = $1 AND kind = $2::"ItemKind" AND provider_category_id = ANY($3)))`

/** Rows whose id is new or means something else now take over the item that lost its id, by name. */
async function pairMoved(client: PoolClient, { providerId, kind, onlyCategories }: MergeScope): Promise<number> {
  const open = await client.query('SELECT 1 FROM plan WHERE NOT same LIMIT 1')
  if (open.rowCount === 0) return 0
  const { rowCount } = await client.query(
    `WITH fresh AS (
       SELECT pid, match_key, row_number() OVER (PARTITION BY match_key ORDER BY name, pid) AS n FROM plan WHERE NOT same),
     gone AS (
       SELECT x.id, x.item_id, x.match_key,
         row_number() OVER (PARTITION BY x.match_key ORDER BY x.name, x.provider_item_id) AS n
       FROM source x WHERE ${inScope('x')}
         AND NOT EXISTS (SELECT 1 FROM plan p WHERE p.source_id = x.id AND p.same))
     UPDATE plan SET took = gone.id, item_id = gone.item_id
     FROM fresh JOIN gone USING (match_key, n) WHERE plan.pid = fresh.pid`,
    [providerId, kind, onlyCategories],
  )
  if (!rowCount) return 0
  // An id whose old item was taken over, and which took none itself, stands for something new.
  await client.query(
    `UPDATE plan SET source_id = NULL, item_id = NULL
     WHERE NOT same AND took IS NULL AND source_id IN (SELECT took FROM plan WHERE took IS NOT NULL)`,
  )
  await client.query(
    `WITH gone AS (
       DELETE FROM source x USING plan p
       WHERE p.took IS NOT NULL AND (x.id = p.took OR x.id = p.source_id) RETURNING x.item_id)
     INSERT INTO leaving SELECT item_id FROM gone`,
  )
  await client.query('UPDATE plan SET source_id = NULL WHERE took IS NOT NULL')
  return rowCount
}

/** Gives the remaining rows an item: one that was kept for its favourites, one of the same name when asked to, or a new one. */
async function planNew(client: PoolClient, { kind, ownerId, providerId, autoMerge }: MergeScope): Promise<number> {
  const rejoin = (condition: string) =>
    `WITH fresh AS (
       SELECT pid, match_key, row_number() OVER (PARTITION BY match_key ORDER BY name, pid) AS n
       FROM plan WHERE item_id IS NULL),
     kept AS (
       SELECT i.id, i.match_key, row_number() OVER (PARTITION BY i.match_key ORDER BY i.id) AS n
       FROM item i JOIN (SELECT DISTINCT match_key FROM fresh) f USING (match_key)
       WHERE i.kind = $1::"ItemKind" AND i.owner_id IS NOT DISTINCT FROM $2::uuid AND ${condition})
     UPDATE plan SET item_id = kept.id FROM fresh JOIN kept USING (match_key, n) WHERE plan.pid = fresh.pid`
  await client.query(rejoin('NOT EXISTS (SELECT 1 FROM source x WHERE x.item_id = i.id)'), [kind, ownerId])
  if (autoMerge) {
    await client.query(rejoin('NOT EXISTS (SELECT 1 FROM source x WHERE x.item_id = i.id AND x.provider_id = $3)'), [
      kind,
      ownerId,
      providerId,
    ])
  }
  const { rowCount } = await client.query("UPDATE plan SET item_id = nextval('item_id_seq'), is_new = true WHERE item_id IS NULL")
  return rowCount ?? 0
}

/** Writes items and sources of the plan; only rows that differ are touched. Returns how many existing ones were. */
async function writePlan(client: PoolClient, { providerId, ownerId, kind, uncategorisedId }: MergeScope): Promise<number> {
  const stage = stageOf(kind)
  const items = await client.query(
    // Only the oldest source of an item names it: two providers of one item must not rename it in turn. A source that joins
    // has no id yet and is younger than all.
    `UPDATE item i SET name = s.name, sort_name = s.sort_name, match_key = s.match_key, image = s.image, number = s.number,
       guide_id = s.guide_id, adult = s.adult, year = coalesce(s.year, i.year),
       rating = coalesce(s.rating, i.rating), genres = CASE WHEN s.genres = '{}' THEN i.genres ELSE s.genres END,
       added_at = coalesce(s.added_at, i.added_at), plot = coalesce(s.plot, i.plot)
     FROM ${stage} s JOIN plan p ON p.pid = s.pid
     WHERE i.id = p.item_id AND NOT p.is_new
       AND (i.name, i.image, i.number, i.guide_id, i.adult, i.year, i.rating, i.genres, i.added_at, i.plot)
         IS DISTINCT FROM (s.name, s.image, s.number, s.guide_id, s.adult, coalesce(s.year, i.year),
           coalesce(s.rating, i.rating), CASE WHEN s.genres = '{}' THEN i.genres ELSE s.genres END,
           coalesce(s.added_at, i.added_at), coalesce(s.plot, i.plot))
       AND NOT EXISTS (SELECT 1 FROM source older WHERE older.item_id = i.id AND older.id < coalesce(p.source_id, 2147483647))`,
  )
  await client.query(
    `INSERT INTO item (${itemColumns}) SELECT ${itemValues('p.item_id')}
     FROM ${stage} s JOIN plan p ON p.pid = s.pid AND p.is_new ${parentJoin}`,
    [providerId, kind, ownerId],
  )
  // Films come newest first, so one new film moves every position: only the order of channels is followed.
  const position = kind === 'channel' ? 's.position' : 'x.position'
  const sources = await client.query(
    `UPDATE source x SET name = s.name, match_key = s.match_key, category_id = coalesce(c.id, $3::int), container = s.container,
       archive_days = s.archive_days, position = ${position}, missing_at = NULL
     FROM plan p JOIN ${stage} s ON s.pid = p.pid ${categoryJoin}
     WHERE x.id = p.source_id AND (x.missing_at IS NOT NULL OR (x.name, x.match_key, x.category_id, x.container, x.archive_days, x.position)
       IS DISTINCT FROM (s.name, s.match_key, coalesce(c.id, $3::int), s.container, s.archive_days, ${position}))`,
    [providerId, kind, uncategorisedId],
  )
  await client.query(
    `INSERT INTO source (${sourceColumns}) SELECT ${sourceValues('p.item_id')}
     FROM ${stage} s JOIN plan p ON p.pid = s.pid AND p.source_id IS NULL ${categoryJoin}`,
    [providerId, kind, uncategorisedId],
  )
  await renewSealed(client, kind)
  return (items.rowCount ?? 0) + (sources.rowCount ?? 0)
}

/** An address is part of what an entry is; how its archive is reached and its keys stand sealed beside it, and may change. No list shows them. */
async function renewSealed(client: PoolClient, kind: ItemKind): Promise<void> {
  await client.query(
    `UPDATE source x SET secret_url = s.secret_url FROM plan p JOIN ${stageOf(kind)} s ON s.pid = p.pid
     WHERE x.id = p.source_id AND s.renews AND s.secret_url IS NOT NULL`,
  )
}

/** What this complete list lacks: removed when the last complete list lacked it too, else noted as missing. */
async function settleMissing(
  client: PoolClient,
  { providerId, kind, onlyCategories }: MergeScope,
): Promise<{ removed: number; missing: number }> {
  const lacks = `${inScope('x')}
    AND NOT EXISTS (SELECT 1 FROM ${stageOf(kind)} s WHERE s.pid = x.provider_item_id)`
  const removed = await client.query(
    `WITH gone AS (DELETE FROM source x WHERE ${lacks} AND x.missing_at IS NOT NULL RETURNING x.item_id)
     INSERT INTO leaving SELECT item_id FROM gone`,
    [providerId, kind, onlyCategories],
  )
  const missing = await client.query(`UPDATE source x SET missing_at = now() WHERE ${lacks} AND x.missing_at IS NULL`, [
    providerId,
    kind,
    onlyCategories,
  ])
  return { removed: removed.rowCount ?? 0, missing: missing.rowCount ?? 0 }
}

/** Items that lost their last source go, unless a favourite or a history entry hangs on them or on one of their episodes. */
async function removeEmptied(client: PoolClient): Promise<void> {
  const held = (id: string) =>
    `EXISTS (SELECT 1 FROM favourite f WHERE f.item_id = ${id}) OR EXISTS (SELECT 1 FROM watch w WHERE w.item_id = ${id})`
  await client.query(
    `DELETE FROM item i WHERE i.id IN (SELECT item_id FROM leaving)
       AND NOT EXISTS (SELECT 1 FROM source x WHERE x.item_id = i.id)
       AND NOT (${held('i.id')})
       AND NOT EXISTS (SELECT 1 FROM item e WHERE e.parent_id = i.id AND (${held('e.id')}))`,
  )
}
