import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { log } from '@/lib/platform/log'
import { loadCards, toCard } from './card-store'
import { refreshDetails } from './details'
import {
  getItemRow,
  type ItemRow,
  listEpisodeRows,
  listSimilar,
  listSourceRecords,
  type SourceRecord,
  toSourceView,
} from './item-store'
import { getLineUp } from './line-up'
import { pictureAddress } from './picture-address'
import type { EpisodeView, ItemDetails, ItemPageView } from './schema'

const SIMILAR = 12
/** How long a page waits for its provider when something can be shown meanwhile, and when nothing can. Milliseconds. */
const WAIT_KNOWN_MS = 2_000
const WAIT_UNKNOWN_MS = 8_000

/**
 * Everything a detail page shows. Details and episodes are fetched from the provider when they are missing or old; when
 * it does not answer in time, what is known comes back marked `stale` and the fetch goes on behind. @throws NOT_FOUND
 */
export async function getItem(viewer: Viewer, id: number): Promise<ItemPageView> {
  const lineUp = await getLineUp(viewer)
  const known = await getItemRow(lineUp, id)
  const sources = await listSourceRecords(lineUp, id)
  const isFresh = await isFreshInTime(known, sources)
  const row = isFresh ? await getItemRow(lineUp, id) : known
  const episodes = row.kind === 'series' ? await listEpisodeRows(lineUp, id) : []
  const isProviderFailing = sources.length > 0 && sources.every(source => lineUp.providers.get(source.providerId)?.failing)
  return {
    ...toCard(row),
    plot: row.plot,
    genres: row.genres,
    durationSeconds: row.durationSeconds,
    addedAt: row.addedAt?.toISOString() ?? null,
    details: toDetails(row),
    sources: sources.map(source => toSourceView(lineUp, source)),
    seasons: toSeasons(row, episodes),
    nextEpisodeId: nextEpisode(episodes),
    similar: await loadCards(lineUp, await listSimilar(lineUp, row, SIMILAR)),
    stale: !isFresh || isProviderFailing,
  }
}

/** Brings details up to date, for as long as a person waits; false when they may be old. */
export async function isFreshInTime(known: ItemRow, sources: readonly SourceRecord[]): Promise<boolean> {
  const refresh = refreshDetails(known, sources).catch(error => {
    log().warn({ err: error, item: known.id }, 'details could not be refreshed')
    return false
  })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>(resolve => {
    timer = setTimeout(() => resolve(false), known.detailsAt === null ? WAIT_UNKNOWN_MS : WAIT_KNOWN_MS)
  })
  return Promise.race([refresh, late]).finally(() => clearTimeout(timer))
}

function toDetails({ id, details }: ItemRow): ItemDetails | null {
  if (!details) return null
  const { cast, director, country, trailer, ageRating, backdrop } = details
  return { cast, director, country, trailer, ageRating, backdrop: pictureAddress(id, backdrop, 'backdrop') }
}

function toEpisodeView(row: ItemRow): EpisodeView {
  return { ...toCard(row), plot: row.plot, durationSeconds: row.durationSeconds, date: row.details?.date ?? null }
}

/** Seasons are made from the episodes: panels list seasons without episodes and leave out some that have them. */
function toSeasons(series: ItemRow, episodes: readonly ItemRow[]): ItemPageView['seasons'] {
  const numbers = [...new Set(episodes.map(({ season }) => season ?? 1))]
  return numbers.map(number => ({
    number,
    name: series.details?.seasons[String(number)] ?? (number === 0 ? 'Specials' : `Season ${number}`),
    episodes: episodes.filter(({ season }) => (season ?? 1) === number).map(toEpisodeView),
  }))
}

/** Where to go on: an episode that was begun, else the one after the last that was seen, else the first. */
export function nextEpisode(episodes: readonly Pick<ItemRow, 'id' | 'position' | 'finished'>[]): number | null {
  const begun = episodes.findLast(({ position, finished }) => position !== null && finished === false)
  if (begun) return begun.id
  const lastSeen = episodes.findLastIndex(({ finished }) => finished === true)
  return (episodes[lastSeen + 1] ?? episodes[0])?.id ?? null
}
