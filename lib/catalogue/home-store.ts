import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { pool } from '@/lib/platform/db'
import { inLineUp, inLineUpOrKept, keptValues, loadCards } from './card-store'
import { getItemRow } from './item-store'
import { getLineUp, type LineUp } from './line-up'
import { listIds } from './list-store'
import { pictureAddress } from './picture-address'
import type { HomeView, ItemCard } from './schema'

const ROW = 20
const HISTORY = 200

/** What was watched last, newest first; one entry an item. */
export async function listHistory(viewer: Viewer): Promise<ItemCard[]> {
  const lineUp = await getLineUp(viewer)
  const { rows } = await pool().query<{ id: number }>(
    `SELECT i.id FROM watch h JOIN item i ON i.id = h.item_id WHERE h.profile_id = $4 AND ${inLineUpOrKept(1, 2, 3)}
     ORDER BY h.watched_at DESC LIMIT ${HISTORY}`,
    [...keptValues(lineUp), lineUp.profileId],
  )
  return loadCards(
    lineUp,
    rows.map(({ id }) => id),
  )
}

/** Begun and not finished, one entry a series, newest first. */
async function listBegun(lineUp: LineUp): Promise<number[]> {
  const { rows } = await pool().query<{ id: number }>(
    `SELECT id FROM (
       SELECT DISTINCT ON (coalesce(i.parent_id, i.id)) i.id, h.watched_at FROM watch h JOIN item i ON i.id = h.item_id
       WHERE h.profile_id = $2 AND NOT h.finished AND h.position_seconds > 0 AND i.kind IN ('movie', 'episode') AND ${inLineUp(1)}
       ORDER BY coalesce(i.parent_id, i.id), h.watched_at DESC) begun
     ORDER BY watched_at DESC LIMIT ${ROW}`,
    [lineUp.ids, lineUp.profileId],
  )
  return rows.map(({ id }) => id)
}

async function listRecentChannels(lineUp: LineUp): Promise<number[]> {
  const { rows } = await pool().query<{ id: number }>(
    `SELECT i.id FROM watch h JOIN item i ON i.id = h.item_id
     WHERE h.profile_id = $2 AND i.kind = 'channel' AND ${inLineUp(1)} ORDER BY h.watched_at DESC LIMIT ${ROW}`,
    [lineUp.ids, lineUp.profileId],
  )
  return rows.map(({ id }) => id)
}

async function listFavourites(lineUp: LineUp, channels: boolean): Promise<number[]> {
  const { rows } = await pool().query<{ id: number }>(
    `SELECT i.id FROM favourite h JOIN item i ON i.id = h.item_id
     WHERE h.profile_id = $4 AND (i.kind = 'channel') = $5 AND ${inLineUpOrKept(1, 2, 3)} ORDER BY h.added_at DESC LIMIT 60`,
    [...keptValues(lineUp), lineUp.profileId, channels],
  )
  return rows.map(({ id }) => id)
}

const newest = async (lineUp: LineUp, kind: 'movie' | 'series') =>
  (await listIds(lineUp, { kind, sort: 'added', limit: ROW })).ids

/** The rows of Home. The hero is what was left, or the newest film. */
export async function getHome(viewer: Viewer): Promise<HomeView> {
  const lineUp = await getLineUp(viewer)
  const lists = await Promise.all([
    listBegun(lineUp),
    listFavourites(lineUp, true),
    listFavourites(lineUp, false),
    listRecentChannels(lineUp),
    newest(lineUp, 'movie'),
    newest(lineUp, 'series'),
  ])
  const cards = new Map((await loadCards(lineUp, [...new Set(lists.flat())])).map(card => [card.id, card]))
  const [continueWatching = [], favouriteChannels = [], favourites = [], recentChannels = [], newMovies = [], newSeries = []] =
    lists.map(ids => ids.flatMap(id => cards.get(id) ?? []))
  return {
    hero: await toHero(lineUp, continueWatching[0] ?? newMovies[0] ?? newSeries[0]),
    continueWatching,
    favouriteChannels,
    favourites,
    recentChannels,
    newMovies,
    newSeries,
    empty: !lineUp.hasProviders,
  }
}

async function toHero(lineUp: LineUp, card: ItemCard | undefined): Promise<HomeView['hero']> {
  if (!card) return null
  const row = await getItemRow(lineUp, card.id)
  const series = card.series ? await getItemRow(lineUp, card.series.id).catch(() => null) : null
  const own = row.details?.backdrop ?? null
  const backdrop = own === null && series ? pictureAddress(series.id, series.details?.backdrop ?? null, 'backdrop') : null
  return { ...card, plot: row.plot ?? series?.plot ?? null, backdrop: pictureAddress(row.id, own, 'backdrop') ?? backdrop }
}
