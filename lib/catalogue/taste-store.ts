import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { pool } from '@/lib/platform/db'
import { inLineUp } from './card-store'
import { getLineUp } from './line-up'

/** What a profile likes, as far as favourites and history tell. */
export interface Taste {
  /** Channels by id: a favourite counts 1, one that was watched up to 1 more, the less the longer ago. */
  channels: Map<number, number>
  /** Words that say what kind of thing was watched, with how often: genres of films and series, names of channel categories. */
  words: { text: string; kind: 'channel' | 'movie' | 'series'; count: number }[]
}

/** After this many days half of the interest is left. */
const HALF_LIFE_DAYS = 7
const HISTORY = 100

/** @throws whatever the line-up throws */
export async function getTaste(viewer: Viewer): Promise<Taste> {
  const { ids, profileId } = await getLineUp(viewer)
  const [channels, words] = await Promise.all([listChannels(ids, profileId), listWords(ids, profileId)])
  return { channels: new Map(channels.map(({ id, score }) => [id, score])), words }
}

async function listChannels(lineUp: readonly number[], profileId: string): Promise<{ id: number; score: number }[]> {
  const { rows } = await pool().query<{ id: number; score: number }>(
    `SELECT i.id, (sum(liked.score))::float8 AS score FROM (
       SELECT item_id, 1.0 AS score FROM favourite WHERE profile_id = $2
       UNION ALL
       SELECT item_id, power(0.5, extract(epoch FROM now() - watched_at) / 86400 / ${HALF_LIFE_DAYS}) FROM watch WHERE profile_id = $2) liked
     JOIN item i ON i.id = liked.item_id WHERE i.kind = 'channel' AND ${inLineUp(1)}
     GROUP BY i.id ORDER BY score DESC LIMIT ${HISTORY}`,
    [lineUp, profileId],
  )
  return rows
}

async function listWords(lineUp: readonly number[], profileId: string): Promise<Taste['words']> {
  const { rows } = await pool().query<Taste['words'][number]>(
    `WITH liked AS (
       SELECT i.id, CASE WHEN i.kind = 'episode' THEN 'series' ELSE i.kind::text END AS kind, coalesce(p.genres, i.genres) AS genres
       FROM (SELECT item_id, watched_at AS at FROM watch WHERE profile_id = $2
             UNION SELECT item_id, added_at FROM favourite WHERE profile_id = $2 ORDER BY at DESC LIMIT ${HISTORY}) h
       JOIN item i ON i.id = h.item_id LEFT JOIN item p ON p.id = i.parent_id WHERE ${inLineUp(1)})
     SELECT text, kind, count(*)::int AS count FROM (
       SELECT kind, unnest(CASE WHEN cardinality(genres) = 0 THEN ARRAY[''] ELSE genres END) AS text FROM liked WHERE kind <> 'channel'
       UNION ALL
       SELECT 'channel', c.name FROM liked JOIN source s ON s.item_id = liked.id AND s.provider_id = ANY($1::int[])
         JOIN category c ON c.id = s.category_id WHERE liked.kind = 'channel') named
     GROUP BY text, kind`,
    [lineUp, profileId],
  )
  return rows
}
