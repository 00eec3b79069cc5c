import 'server-only'
import { toAppError } from '@/lib/kernel/errors'
import { DAY, MINUTE } from '@/lib/kernel/time'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'
import { fetchMovieInfo, fetchSeriesInfo, getProviderForWork, toLogin } from '@/lib/providers'
import { noteDetailsAsked, saveEpisodes, saveTitle } from './details-store'
import type { ItemRow, SourceRecord } from './item-store'
import { readEpisodes, readTitle } from './read-details'

/** Films hardly change; a series may have a new episode every day. */
const FRESH_MS = { movie: 14 * DAY, series: DAY / 2 } as const
/** After a failure the provider is left alone for this long. */
const REST_MS = MINUTE
/** Providers of one series whose episodes are collected. */
const MAX_SOURCES = 3
/** No further source is asked after this long; the one that is under way ends by the policy of its own call. */
const ASK_MS = 20_000

interface Flights {
  running: Map<number, Promise<boolean>>
  failedAt: Map<number, number>
}

const flights = () => shared<Flights>('details', () => ({ running: new Map(), failedAt: new Map() }))

/**
 * Brings the details of a movie or series up to date when they are old. False when the provider did not answer and what
 * is known is therefore out of date or incomplete. Calls for one item share one fetch.
 */
export async function refreshDetails(row: ItemRow, sources: readonly SourceRecord[]): Promise<boolean> {
  const { kind } = row
  if (kind !== 'movie' && kind !== 'series') return true
  if (row.detailsAt && Date.now() - row.detailsAt.getTime() < FRESH_MS[kind]) return true
  const { running, failedAt } = flights()
  if (Date.now() - (failedAt.get(row.id) ?? 0) < REST_MS) return false
  const known = running.get(row.id)
  if (known !== undefined) return known
  const flight = fetchAll(row, sources).finally(() => running.delete(row.id))
  running.set(row.id, flight)
  const ok = await flight
  if (ok) failedAt.delete(row.id)
  else failedAt.set(row.id, Date.now())
  return ok
}

async function fetchAll(row: ItemRow, sources: readonly SourceRecord[]): Promise<boolean> {
  const own = sources.filter(({ kind }) => kind === row.kind).slice(0, row.kind === 'series' ? MAX_SOURCES : 1)
  let answered = 0
  const until = Date.now() + ASK_MS
  for (const source of own) {
    if (Date.now() > until) break
    try {
      await fetchOne(row, source, answered === 0)
      answered++
    } catch (error) {
      const { code } = toAppError(error)
      log()[code === 'UNEXPECTED' ? 'error' : 'debug']({ err: error, item: row.id }, 'details could not be fetched')
    }
  }
  return answered > 0
}

async function fetchOne(row: ItemRow, source: SourceRecord, isFirst: boolean): Promise<void> {
  const provider = await getProviderForWork(source.providerId)
  const login = toLogin(provider)
  if (!login) return noteDetailsAsked(row.id)
  if (row.kind === 'movie') {
    const document = await fetchMovieInfo(login, source.providerItemId)
    await saveTitle(row.id, readTitle(document, provider.secrets))
    return
  }
  const document = await fetchSeriesInfo(login, source.providerItemId)
  if (isFirst) await saveTitle(row.id, readTitle(document, provider.secrets))
  const scope = { seriesId: row.id, ownerId: row.ownerId, providerId: source.providerId }
  await saveEpisodes(scope, readEpisodes(document, provider.secrets))
}
