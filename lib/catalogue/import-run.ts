import 'server-only'
import { AppError, toAppError } from '@/lib/kernel/errors'
import { publish } from '@/lib/platform/bus'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'
import {
  getProviderForWork,
  noteRefreshed,
  type ProviderForWork,
  refreshAccountStatus,
  refreshLogins,
  streamList,
  toLogin,
  toPlaylistOrigin,
  type XtreamLogin,
} from '@/lib/providers'
import { cancelled, type ImportRun, importList } from './import-lists'
import { freshPart, listParts, outcomeOf, problemOf, progressOf, resetParts } from './import-parts'
import { importPlaylist } from './import-playlist'
import { beat, beginRun, countCategories, endRun, requeueRun, saveCategories, settleIndexes } from './import-store'
import { normaliseCategories } from './normalise'
import type { BrowseKind, ImportPart } from './schema'
import { type ImportSession, openSession } from './stage-store'

/** Progress is written this often, and a wish to stop is noticed. Milliseconds. */
const BEAT_MS = 500
/** A run that added or removed more than this leaves work for indexes and planner. */
const MANY_ROWS = 2_000

/** A run begins again after a stop or a fault of ours, but not for ever: this long after its first beginning it has failed. */
const STOPPED_AGAIN_MINUTES = 120
const FAULT_AGAIN_MINUTES = 10

const kinds = { channels: 'channel', movies: 'movie', series: 'series' } as const satisfies Record<string, BrowseKind>
const categoryActions = {
  channel: 'get_live_categories',
  movie: 'get_vod_categories',
  series: 'get_series_categories',
} as const

const running = () => shared('imports', () => new Map<number, AbortController>())

/** Stops a run of this process at once; for the bus. Others notice within half a second. */
export function stopImport(importId: number): void {
  running().get(importId)?.abort(cancelled())
}

/**
 * Does one import that `startImport` put down. Does nothing when it is over or another worker has it. Failures end in the
 * run's row, where people see them. @throws UNAVAILABLE when `outer` ended it and faults of our own; the run waits again then,
 * unless it has been tried for too long
 */
export async function runImport(importId: number, outer?: AbortSignal): Promise<void> {
  const begun = await beginRun(importId)
  if (!begun) return
  const { parts, providerId } = begun
  resetParts(parts)
  const stop = new AbortController()
  running().set(importId, stop)
  const signal = outer ? AbortSignal.any([stop.signal, outer]) : stop.signal
  const tell = progressTeller(importId, providerId)
  const timer = setInterval(() => {
    const progress = progressOf(parts)
    beat(importId, progress, parts).then(
      asked => {
        if (asked) stop.abort(cancelled())
        else tell('running', progress)
      },
      error => log().warn({ err: error }, 'an import could not write its progress'),
    )
  }, BEAT_MS)
  const sessions: ImportSession[] = []
  const endInterrupts = interruptOnAbort(signal, sessions)
  try {
    await work({ providerId, parts, signal, sessions })
    const outcome = outcomeOf(parts)
    await endRun(importId, { ...outcome, parts })
    tell(outcome.state, 100)
    if (outcome.state !== 'failed') await publish('import.ended', { providerId })
  } catch (error) {
    const isOuterStop = outer?.aborted === true && !stop.signal.aborted
    const failure = isOuterStop ? stopped(outer.reason) : signal.aborted ? signal.reason : error
    await endFailed({ importId, parts, error: failure, isOuterStop, tell })
  } finally {
    clearInterval(timer)
    endInterrupts()
    running().delete(importId)
    await Promise.all(sessions.map(session => session.end()))
  }
}

/** Tells how far a run is, each step once. Nobody depends on it: the row has the truth. */
function progressTeller(importId: number, providerId: number) {
  let told = ''
  return (state: string, progress: number): void => {
    const step = `${state} ${progress}`
    if (step === told) return
    told = step
    publish('import.progress', { importId, providerId, state, progress }).catch(error =>
      log().debug({ err: error }, 'the progress of an import was not told'),
    )
  }
}

/** A merge is several statements; the one that runs is ended again and again until the run has noticed. */
function interruptOnAbort(signal: AbortSignal, sessions: readonly ImportSession[]): () => void {
  let timer: NodeJS.Timeout | undefined
  const interrupt = () => {
    for (const session of sessions) session.interrupt().catch(error => log().debug({ err: error }, 'no statement to end'))
  }
  const begin = () => {
    interrupt()
    timer = setInterval(interrupt, BEAT_MS / 2)
  }
  signal.addEventListener('abort', begin, { once: true })
  return () => {
    signal.removeEventListener('abort', begin)
    clearInterval(timer)
  }
}

const stopped = (cause: unknown) => new AppError('UNAVAILABLE', { message: 'the import was stopped from outside', cause })

interface Failure {
  importId: number
  parts: ImportPart[]
  error: unknown
  /** The process ends or the job was given up, rather than a person asking for it. */
  isOuterStop: boolean
  tell: (state: string, progress: number) => void
}

async function endFailed({ importId, parts, error, isOuterStop, tell }: Failure): Promise<void> {
  const { code } = toAppError(error)
  if ((isOuterStop || code === 'UNEXPECTED') && (await requeue(importId, parts, isOuterStop))) {
    tell('queued', 0)
    throw error
  }
  const isCancel = code === 'IMPORT_CANCELLED'
  for (const part of parts) {
    if (part.state === 'running' || part.state === 'waiting') part.state = isCancel ? 'cancelled' : 'failed'
    if (part.state === 'failed') part.problem ??= problemOf(error)
  }
  const state = isCancel ? 'cancelled' : 'failed'
  await endRun(importId, { state, errorCode: code, parts })
  tell(state, 100)
  if (isOuterStop || code === 'UNEXPECTED') throw error
}

async function requeue(importId: number, parts: readonly ImportPart[], isOuterStop: boolean): Promise<boolean> {
  const fresh = parts.map(part => ({ ...part }))
  resetParts(fresh)
  return requeueRun(importId, { parts: fresh, withinMinutes: isOuterStop ? STOPPED_AGAIN_MINUTES : FAULT_AGAIN_MINUTES })
}

interface Work {
  providerId: number
  parts: ImportPart[]
  signal: AbortSignal
  sessions: ImportSession[]
}

async function work({ providerId, parts, signal, sessions }: Work): Promise<void> {
  const provider = await getProviderForWork(providerId)
  const run: ImportRun = {
    providerId,
    ownerId: provider.ownerId,
    autoMerge: provider.options.autoMerge,
    secrets: provider.secrets,
    listedCategories: new Map(),
    signal,
    session: async () => {
      const session = await openSession()
      sessions.push(session)
      return session
    },
  }
  const isUsable = await tryPart(parts, 'account', signal, async () => {
    await refreshAccountStatus(provider, { signal })
    await refreshLogins(provider, signal)
    return false
  })
  if (!isUsable.ok) return cancelWaiting(parts)
  const login = toLogin(provider)
  const changed = login ? await importAccount(run, login, parts) : await importEntries(run, provider, parts)
  await countCategories(providerId)
  if (parts.reduce((sum, part) => sum + part.added + part.removed, 0) > MANY_ROWS) {
    await settleIndexes().catch(error => log().warn({ err: error }, 'indexes are settled by the next vacuum'))
  }
  const { errorCode, state } = outcomeOf(parts)
  await noteRefreshed(providerId, {
    changed,
    errorCode: state === 'succeeded' || errorCode === 'PROVIDER_SHRUNK' ? null : errorCode,
  })
  if (changed) await publish('catalogue.changed', { providerIds: [providerId] })
}

/** Lists that were never asked for because the account cannot be used. */
function cancelWaiting(parts: ImportPart[]): void {
  for (const part of parts) if (part.state === 'waiting') part.state = 'cancelled'
}

interface PartResult {
  ok: boolean
  changed: boolean
}

/** Runs one part; its failure is told in the part and the others go on. Being stopped is not a failure of the part. */
async function tryPart(
  parts: ImportPart[],
  name: ImportPart['part'],
  signal: AbortSignal,
  task: (part: ImportPart) => Promise<boolean>,
): Promise<PartResult> {
  const part = parts.find(one => one.part === name)
  if (!part) return { ok: true, changed: false }
  signal.throwIfAborted()
  part.state = 'running'
  try {
    const changed = await task(part)
    if (part.state === 'running') part.state = 'done'
    return { ok: true, changed }
  } catch (error) {
    signal.throwIfAborted()
    if (toAppError(error).code === 'UNEXPECTED') log().error({ err: error, part: name }, 'a part of an import failed')
    part.state = 'failed'
    part.problem = problemOf(error)
    return { ok: false, changed: true }
  }
}

async function importCategories(
  run: ImportRun,
  login: XtreamLogin,
  task: { kind: BrowseKind; part: ImportPart },
): Promise<boolean> {
  const { kind, part } = task
  const rows: unknown[] = []
  for await (const batch of streamList(login, categoryActions[kind], { signal: run.signal })) rows.push(...batch)
  const categories = normaliseCategories(rows)
  part.seen += categories.length
  part.dropped += rows.length - categories.length
  const changed = await saveCategories(run.providerId, kind, categories)
  run.listedCategories.set(
    kind,
    categories.map(({ id }) => id),
  )
  return changed
}

/** The lists of an Xtream account in two lanes: the database writes one list while the other is being read. */
async function importAccount(run: ImportRun, login: XtreamLogin, parts: ImportPart[]): Promise<boolean> {
  const categories = await tryPart(parts, 'categories', run.signal, async part => {
    const wanted = listParts.filter(name => parts.some(one => one.part === name))
    const changed = await Promise.all(wanted.map(name => importCategories(run, login, { kind: kinds[name], part })))
    return changed.includes(true)
  })
  const list = (name: (typeof listParts)[number]) =>
    tryPart(parts, name, run.signal, part => importList(run, login, { kind: kinds[name], part }))
  const lanes = await Promise.allSettled([
    list('movies').then(result => [result]),
    list('channels').then(async channels => [channels, await list('series')]),
  ])
  // Both lanes have let go of their sessions before a stop is passed on.
  run.signal.throwIfAborted()
  return categories.changed || lanes.some(lane => lane.status === 'rejected' || lane.value.some(({ changed }) => changed))
}

async function importEntries(run: ImportRun, provider: ProviderForWork, parts: ImportPart[]): Promise<boolean> {
  const origin = await toPlaylistOrigin(provider)
  const { credentials } = provider
  if (!origin || credentials.kind !== 'm3u') throw new AppError('NO_SOURCE')
  const find = (name: ImportPart['part']): ImportPart => {
    const known = parts.find(one => one.part === name)
    if (known) return known
    // A playlist comes as a whole: a retry of one part brings the others along.
    const fresh = freshPart(name)
    parts.push(fresh)
    return fresh
  }
  const own = { channel: find('channels'), movie: find('movies'), series: find('series') }
  const all = [find('categories'), own.channel, own.movie, own.series]
  for (const part of all) part.state = 'running'
  try {
    const changed = await importPlaylist(run, { provider, origin, salt: credentials.salt, parts: own })
    for (const part of all) if (part.state === 'running') part.state = 'done'
    return changed
  } catch (error) {
    run.signal.throwIfAborted()
    for (const part of all) Object.assign(part, { state: 'failed', problem: problemOf(error) })
    return true
  }
}
