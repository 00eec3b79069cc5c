import 'server-only'
import { pool } from '@/lib/platform/db'
import type { KnownChannel, WantedChannel } from './match-channels'
import type { GuideMatchHow, StoredCandidate } from './schema'

/** Whose channels are matched together: the platform's (null) or those of one account. */
export type Owner = string | null

export async function listOwners(): Promise<Owner[]> {
  const { rows } = await pool().query<{ owner: Owner }>('SELECT DISTINCT owner_id AS owner FROM provider')
  return rows.map(({ owner }) => owner)
}

export interface UsableSource {
  id: number
  /** Null: it serves the channels of every provider. */
  providerId: number | null
  ownerId: Owner
}

/** The guides that may serve an owner's channels, the best first: its providers' own, its added ones, the platform's. */
export async function listUsableSources(owner: Owner): Promise<UsableSource[]> {
  const { rows } = await pool().query<UsableSource>(
    `SELECT g.id, g.provider_id AS "providerId", g.owner_id AS "ownerId" FROM guide_source g
     WHERE (g.owner_id IS NOT DISTINCT FROM $1::uuid OR (g.owner_id IS NULL AND g.provider_id IS NULL)) AND NOT g.from_names
     ORDER BY g.priority, g.provider_id IS NULL, g.owner_id IS NULL, g.id`,
    [owner],
  )
  return rows
}

export async function listKnownChannels(sourceId: number): Promise<KnownChannel[]> {
  const { rows } = await pool().query<KnownChannel>(
    `SELECT c.id AS "channelId", c.xmltv_id AS "xmltvId", c.names,
       EXISTS (SELECT 1 FROM programme p WHERE p.channel_id = c.id AND p.start > now() - interval '1 day') AS "hasProgrammes"
     FROM guide_channel c WHERE c.source_id = $1 ORDER BY c.id`,
    [sourceId],
  )
  return rows
}

export interface OwnedChannel extends WantedChannel {
  itemId: number
  providerIds: number[]
}

/** Channels of an owner that nobody decided about, a page behind an id. */
export async function listUndecided(owner: Owner, after: number, limit: number): Promise<OwnedChannel[]> {
  const { rows } = await pool().query<OwnedChannel>(
    `SELECT i.id AS "itemId", i.guide_id AS "guideId", own.group, own."providerIds",
       (ARRAY[i.name] || array_remove(own.names, i.name))[1:4] AS names
     FROM item i JOIN LATERAL (
       SELECT array_agg(DISTINCT s.provider_id) AS "providerIds", array_agg(DISTINCT s.name) AS names, min(c.name) AS group
       FROM source s LEFT JOIN category c ON c.id = s.category_id WHERE s.item_id = i.id) own ON own."providerIds" IS NOT NULL
     LEFT JOIN guide_match m ON m.item_id = i.id
     WHERE i.kind = 'channel' AND i.owner_id IS NOT DISTINCT FROM $1::uuid AND i.id > $2
       AND (m.how IS NULL OR m.how NOT IN ('manual', 'none') OR (m.how = 'manual' AND m.channel_id IS NULL))
     ORDER BY i.id LIMIT $3`,
    [owner, after, limit],
  )
  return rows
}

export interface NewMatch {
  itemId: number
  channelId: number | null
  how: GuideMatchHow
  score: number
  candidates: StoredCandidate[]
}

/** Other apps ask by the item's own id where that leads here; an item that names none, is moved or is an event gets its own id. */
export const appIdOf = (match: string) => `CASE
  WHEN ${match}.how = 'none' OR (${match}.channel_id IS NOT NULL AND (coalesce(${match}.guide_id, '') = ''
    OR ${match}.how IN ('manual', 'event') OR ${match}.shift_minutes <> 0)) THEN 'item.' || ${match}.item_id END`

/**
 * Writes what the rules found; what a person decided meanwhile stays, and so does a shift. Returns the items whose guide is
 * another now.
 */
export async function writeMatches(matches: readonly NewMatch[]): Promise<number[]> {
  const { rows } = await pool().query<{ id: number; moved: boolean }>(
    // Held until the end: an item or a guide channel may be removed by an import meanwhile.
    `WITH items AS (SELECT id, guide_id FROM item WHERE id = ANY($1::int[]) ORDER BY id FOR KEY SHARE),
     channels AS (SELECT id FROM guide_channel WHERE id = ANY($2::int[]) ORDER BY id FOR KEY SHARE),
     found AS (
       SELECT i.id AS item_id, i.guide_id, c.id AS channel_id,
         CASE WHEN c.id IS NULL THEN 'open' ELSE n.how END::"GuideMatchHow" AS how, n.score, n.candidates,
         coalesce(m.shift_minutes, 0) AS shift_minutes, m.channel_id AS old_channel, m.how AS old_how, m.app_id AS old_app
       FROM unnest($1::int[], $2::int[], $3::text[], $4::real[], $5::jsonb[]) AS n (item_id, channel_id, how, score, candidates)
       JOIN items i ON i.id = n.item_id LEFT JOIN channels c ON c.id = n.channel_id
       LEFT JOIN guide_match m ON m.item_id = n.item_id),
     named AS (SELECT f.*, ${appIdOf('f')} AS app_id FROM found f),
     written AS (
       INSERT INTO guide_match AS m (item_id, channel_id, how, score, app_id, candidates)
       SELECT item_id, channel_id, how, score, app_id, candidates FROM named
       ON CONFLICT (item_id) DO UPDATE SET channel_id = EXCLUDED.channel_id, how = EXCLUDED.how, score = EXCLUDED.score,
         app_id = EXCLUDED.app_id, candidates = EXCLUDED.candidates
       WHERE (m.how NOT IN ('manual', 'none') OR (m.how = 'manual' AND m.channel_id IS NULL))
         AND (m.channel_id, m.how, m.score, m.app_id, m.candidates)
           IS DISTINCT FROM (EXCLUDED.channel_id, EXCLUDED.how, EXCLUDED.score, EXCLUDED.app_id, EXCLUDED.candidates)
       RETURNING item_id)
     SELECT n.item_id AS id, (n.old_channel, n.old_app) IS DISTINCT FROM (n.channel_id, n.app_id) AS moved
     FROM named n JOIN written USING (item_id)`,
    [
      matches.map(({ itemId }) => itemId),
      matches.map(({ channelId }) => channelId),
      matches.map(({ how }) => how),
      matches.map(({ score }) => score),
      matches.map(({ candidates }) => JSON.stringify(candidates)),
    ],
  )
  return rows.filter(({ moved }) => moved).map(({ id }) => id)
}

/** What caches hold of the providers of these items is old. Returns those providers. */
export async function moveVersions(itemIds: readonly number[]): Promise<number[]> {
  if (itemIds.length === 0) return []
  const { rows } = await pool().query<{ id: number }>(
    `UPDATE provider SET version = version + 1
     WHERE id IN (SELECT provider_id FROM source WHERE item_id = ANY($1::int[])) RETURNING id`,
    [itemIds],
  )
  return rows.map(({ id }) => id)
}
