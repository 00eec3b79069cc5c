import 'server-only'
import type { PoolClient } from 'pg'
import { pool } from '@/lib/platform/db'
import type { EpisodeFacts, TitleFacts } from './read-details'

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

/** Details of a movie or series; what the list did not tell is filled in. */
export async function saveTitle(itemId: number, facts: TitleFacts): Promise<void> {
  await pool().query(
    `UPDATE item SET details = $2::jsonb, details_at = now(), plot = coalesce($3, plot),
       duration_seconds = coalesce($4, duration_seconds), year = coalesce(year, $5), rating = coalesce(rating, $6),
       genres = CASE WHEN genres = '{}' THEN $7::text[] ELSE genres END WHERE id = $1`,
    [itemId, JSON.stringify(facts.details), facts.plot, facts.durationSeconds, facts.year, facts.rating, facts.genres],
  )
}

/** The list tells all there is to know (playlists): nothing to fetch until the next time. */
export async function noteDetailsAsked(itemId: number): Promise<void> {
  await pool().query('UPDATE item SET details_at = now() WHERE id = $1', [itemId])
}

interface EpisodeScope {
  seriesId: number
  ownerId: string | null
  providerId: number
}

/**
 * Writes the episodes one provider lists of a series. An episode is the same one when its provider id or its season and
 * number are, so renumbering and a second provider keep the item with its history. An empty list changes nothing.
 */
export async function saveEpisodes(scope: EpisodeScope, episodes: readonly EpisodeFacts[]): Promise<void> {
  if (episodes.length === 0) return
  await inTransaction(async client => {
    const { rowCount } = await client.query('SELECT 1 FROM item WHERE id = $1 FOR UPDATE', [scope.seriesId])
    if (rowCount === 0) return
    await stageEpisodes(client, scope, episodes)
    const changed = (await writeEpisodes(client, scope)) + (await dropUnlisted(client, scope))
    if (changed > 0) await moveEpisodeVersions(client, scope)
  })
}

async function stageEpisodes(client: PoolClient, scope: EpisodeScope, episodes: readonly EpisodeFacts[]): Promise<void> {
  await client.query(
    `CREATE TEMP TABLE listed (pid text, name text, sort_name text, image text, season int, episode int, seconds int, plot text,
       rating real, added timestamptz, container text, details jsonb, position int, item_id int, is_new boolean DEFAULT false)
     ON COMMIT DROP`,
  )
  await client.query(
    `INSERT INTO listed SELECT DISTINCT ON (pid) pid, name, sort_name, image, season, episode, seconds, plot, rating, added,
       container, details, position FROM jsonb_to_recordset($1::jsonb) AS row (pid text, name text, sort_name text, image text,
       season int, episode int, seconds int, plot text, rating real, added timestamptz, container text, details jsonb, position int)`,
    [JSON.stringify(episodes)],
  )
  await client.query(
    `UPDATE listed SET item_id = x.item_id FROM source x JOIN item i ON i.id = x.item_id
     WHERE x.provider_id = $1 AND x.kind = 'episode' AND x.provider_item_id = listed.pid AND i.parent_id = $2`,
    [scope.providerId, scope.seriesId],
  )
  await client.query(
    `WITH open AS (
       SELECT DISTINCT ON (i.id) listed.pid, i.id FROM listed JOIN item i
         ON i.parent_id = $1 AND i.season = listed.season AND i.episode = listed.episode
       WHERE listed.item_id IS NULL AND NOT EXISTS (SELECT 1 FROM listed other WHERE other.item_id = i.id)
       ORDER BY i.id, listed.position)
     UPDATE listed SET item_id = open.id FROM open WHERE open.pid = listed.pid`,
    [scope.seriesId],
  )
  await client.query("UPDATE listed SET item_id = nextval('item_id_seq'), is_new = true WHERE item_id IS NULL")
}

/** Answers how many rows are another now. */
async function writeEpisodes(client: PoolClient, { seriesId, ownerId, providerId }: EpisodeScope): Promise<number> {
  const made = await client.query(
    `INSERT INTO item (id, kind, owner_id, parent_id, name, sort_name, match_key, image, season, episode, duration_seconds, plot,
       rating, added_at, details)
     SELECT item_id, 'episode', $1::uuid, $2, name, sort_name, sort_name, image, season, episode, seconds, plot, rating,
       coalesce(added, now()), details FROM listed WHERE is_new`,
    [ownerId, seriesId],
  )
  const changed = await client.query(
    `UPDATE item i SET name = l.name, sort_name = l.sort_name, image = coalesce(l.image, i.image), season = l.season,
       episode = l.episode, duration_seconds = coalesce(l.seconds, i.duration_seconds), plot = coalesce(l.plot, i.plot),
       rating = coalesce(l.rating, i.rating), details = l.details
     FROM listed l WHERE i.id = l.item_id AND NOT l.is_new
       AND (i.name, i.sort_name, i.image, i.season, i.episode, i.duration_seconds, i.plot, i.rating, i.details) IS DISTINCT FROM
         (l.name, l.sort_name, coalesce(l.image, i.image), l.season, l.episode, coalesce(l.seconds, i.duration_seconds),
          coalesce(l.plot, i.plot), coalesce(l.rating, i.rating), l.details)`,
  )
  // An id that meant an episode of another series is taken over by this one.
  const listed = await client.query(
    `INSERT INTO source (item_id, provider_id, kind, provider_item_id, name, position, container, match_key)
     SELECT item_id, $1, 'episode', pid, name, position, container, sort_name FROM listed
     ON CONFLICT (provider_id, kind, provider_item_id) DO UPDATE SET item_id = EXCLUDED.item_id, name = EXCLUDED.name,
       position = EXCLUDED.position, container = EXCLUDED.container, missing_at = NULL
     WHERE (source.item_id, source.name, source.position, source.container, source.missing_at) IS DISTINCT FROM
       (EXCLUDED.item_id, EXCLUDED.name, EXCLUDED.position, EXCLUDED.container, NULL)`,
    [providerId],
  )
  return rowsOf(made, changed, listed)
}

/** Answers how many rows are gone. */
async function dropUnlisted(client: PoolClient, { seriesId, providerId }: EpisodeScope): Promise<number> {
  const sources = await client.query(
    `DELETE FROM source x USING item i WHERE i.id = x.item_id AND i.parent_id = $1 AND x.provider_id = $2
       AND NOT EXISTS (SELECT 1 FROM listed WHERE listed.pid = x.provider_item_id)`,
    [seriesId, providerId],
  )
  const items = await client.query(
    `DELETE FROM item i WHERE i.parent_id = $1 AND NOT EXISTS (SELECT 1 FROM source x WHERE x.item_id = i.id)
       AND NOT EXISTS (SELECT 1 FROM favourite f WHERE f.item_id = i.id)
       AND NOT EXISTS (SELECT 1 FROM watch w WHERE w.item_id = i.id)`,
    [seriesId],
  )
  return rowsOf(sources, items)
}

const rowsOf = (...results: { rowCount: number | null }[]): number =>
  results.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0)

/** An episode is shown to whoever sees any provider of its series. Last, and in order: other series wait for these rows. */
async function moveEpisodeVersions(client: PoolClient, { seriesId, providerId }: EpisodeScope): Promise<void> {
  await client.query(
    `UPDATE provider SET episode_version = episode_version + 1 WHERE id IN (
       SELECT id FROM provider WHERE id = $2 OR id IN (SELECT provider_id FROM source WHERE item_id = $1)
       ORDER BY id FOR NO KEY UPDATE)`,
    [seriesId, providerId],
  )
}
