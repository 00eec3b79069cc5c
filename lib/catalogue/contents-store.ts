import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { pool } from '@/lib/platform/db'
import { requireChangeableProvider } from '@/lib/providers'

export interface ProviderContents {
  channels: number
  movies: number
  series: number
  favourites: number
  watched: number
}

/** What deleting a provider would remove: what no other one carries, and what people keep of it. @throws NOT_FOUND, FORBIDDEN */
export async function providerContents(viewer: Viewer, providerId: number): Promise<ProviderContents> {
  await requireChangeableProvider(viewer, providerId)
  const { rows } = await pool().query<ProviderContents>(
    `WITH own AS (
       SELECT DISTINCT i.id, i.kind FROM source s JOIN item i ON i.id = s.item_id WHERE s.provider_id = $1
         AND NOT EXISTS (SELECT 1 FROM source o WHERE o.item_id = i.id AND o.provider_id <> $1))
     SELECT (count(*) FILTER (WHERE kind = 'channel'))::int AS channels, (count(*) FILTER (WHERE kind = 'movie'))::int AS movies,
       (count(*) FILTER (WHERE kind = 'series'))::int AS series,
       (SELECT count(*)::int FROM favourite f JOIN own ON own.id = f.item_id) AS favourites,
       (SELECT count(*)::int FROM watch w JOIN own ON own.id = w.item_id) AS watched
     FROM own`,
    [providerId],
  )
  return rows[0] ?? { channels: 0, movies: 0, series: 0, favourites: 0, watched: 0 }
}
