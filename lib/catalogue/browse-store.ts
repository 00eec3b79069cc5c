import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { MINUTE } from '@/lib/kernel/time'
import { db, pool } from '@/lib/platform/db'
import { shared } from '@/lib/platform/shared'
import { loadCards } from './card-store'
import { getLineUp, onlyProvider } from './line-up'
import { listIds } from './list-store'
import type { BrowseKind, CategoryView, ItemPage, ItemQuery } from './schema'

/** One page of a kind. Unknown and foreign categories and providers are empty lists, not errors. @throws INVALID_PARAMETER */
export async function listItems(viewer: Viewer, query: ItemQuery): Promise<ItemPage> {
  const whole = await getLineUp(viewer)
  const lineUp = query.provider === undefined ? whole : onlyProvider(whole, query.provider)
  const { ids, next } = await listIds(lineUp, query)
  return { items: await loadCards(lineUp, ids), next }
}

/** Categories that hold something, by provider in the provider's order. */
export async function listCategories(viewer: Viewer, kind: BrowseKind): Promise<CategoryView[]> {
  const { ids, providers } = await getLineUp(viewer)
  const rows = await db().category.findMany({
    where: { providerId: { in: ids }, kind, itemCount: { gt: 0 } },
    select: { id: true, name: true, itemCount: true, providerId: true },
    orderBy: [{ providerId: 'asc' }, { position: 'asc' }, { id: 'asc' }],
  })
  return rows.map(({ id, name, itemCount, providerId }) => ({
    id,
    name,
    kind,
    count: itemCount,
    provider: { id: providerId, name: providers.get(providerId)?.name ?? '' },
  }))
}

const MAX_GENRES = 60
const GENRES_MS = 10 * MINUTE
const MAX_REMEMBERED = 500

interface Remembered {
  until: number
  genres: Promise<string[]>
}

/** Genres of a kind, the most frequent first. They are counted over everything, so they are remembered for a while. */
export async function listGenres(viewer: Viewer, kind: BrowseKind): Promise<string[]> {
  const lineUp = await getLineUp(viewer)
  const memory = shared('genres', () => new Map<string, Remembered>())
  const key = `${kind} ${lineUp.key} ${lineUp.version}`
  const known = memory.get(key)
  if (known && known.until > Date.now()) return known.genres
  const genres = countGenres(lineUp.ids, lineUp.owners, kind)
  memory.delete(key)
  memory.set(key, { until: Date.now() + GENRES_MS, genres })
  genres.catch(() => memory.delete(key))
  const [oldest] = memory.keys()
  if (memory.size > MAX_REMEMBERED && oldest !== undefined) memory.delete(oldest)
  return genres
}

async function countGenres(ids: readonly number[], owners: readonly (string | null)[], kind: BrowseKind): Promise<string[]> {
  const { rows } = await pool().query<{ genre: string }>(
    `SELECT genre FROM item i, unnest(i.genres) AS genre
     WHERE i.kind = $2::"ItemKind" AND i.genres <> '{}' AND ((i.owner_id IS NULL AND $3) OR i.owner_id = ANY($4::uuid[]))
       AND EXISTS (SELECT 1 FROM source s WHERE s.item_id = i.id AND s.provider_id = ANY($1::int[]))
     GROUP BY genre ORDER BY count(*) DESC, genre LIMIT ${MAX_GENRES}`,
    [ids, kind, owners.includes(null), owners.filter(owner => owner !== null)],
  )
  return rows.map(({ genre }) => genre)
}
