import 'server-only'
import { type ImportSession, openSession } from '@/lib/catalogue'
import { AppError, toAppError } from '@/lib/kernel/errors'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'
import { listArchiveDays } from './archive-days-store'
import { findOrigin, type GuideOrigin, type GuideReader } from './guide-origin'
import { Lane } from './lane'
import { GuideProgress } from './schema'
import { beatSource, beginSource, endSource, type SourceRun } from './source-store'
import { Stage } from './stage'
import {
  createStage,
  hasProgrammes,
  loadChannels,
  mergeChannels,
  reserveChannels,
  settleStage,
  swapChannels,
  takeAway,
  tidyChannels,
} from './stage-store'
import type { StagedChannel } from './staged'
import { tellOf } from './told'
import { unpackGuide } from './unpack'
import { readXmltv } from './xmltv-read'

/** Progress is written this often, and a wish to stop is noticed. Milliseconds. */
const BEAT_MS = 500
/** Programmes that change places in one transaction: readers wait for none of them, and a stop comes in between. */
const SWAP_ROWS = 250_000

const running = () => shared('guides', () => new Map<number, AbortController>())
const cancelled = () => new AppError('IMPORT_CANCELLED')

/** Stops the import of a guide in this process at once; for the bus. Others notice within half a second. */
export function stopGuide(sourceId: number): void {
  running().get(sourceId)?.abort(cancelled())
}

/**
 * Reads the guide of a source into the database. Does nothing when another worker has it. Failures end in the source's row,
 * where people see them; what is stored stays. @throws when `outer` ended it, and faults of our own; it waits again then
 */
export async function importGuide(sourceId: number, outer?: AbortSignal): Promise<void> {
  const begun = await beginSource(sourceId)
  if (!begun) return
  const { run } = begun
  const stop = new AbortController()
  running().set(sourceId, stop)
  const signal = outer ? AbortSignal.any([stop.signal, outer]) : stop.signal
  const progress = GuideProgress.parse({})
  const timer = setInterval(() => {
    beatSource(sourceId, run, progress).then(
      asked => asked && stop.abort(cancelled()),
      error => log().warn({ err: error }, 'a guide could not write its progress'),
    )
  }, BEAT_MS)
  try {
    const errorCode = await work({ sourceId, ...begun, progress, signal })
    await endSource(sourceId, { run, errorCode, progress, isRefreshed: progress.programmes > 0 })
  } catch (error) {
    const isOuterStop = outer?.aborted === true && !stop.signal.aborted
    const { code } = toAppError(signal.aborted && !isOuterStop ? signal.reason : error)
    const isAgain = isOuterStop || code === 'UNEXPECTED'
    await endSource(sourceId, { run, errorCode: isAgain ? null : code, progress, isRefreshed: false, isAgain })
    if (isAgain) throw isOuterStop ? new AppError('UNAVAILABLE', { cause: error }) : error
  } finally {
    clearInterval(timer)
    if (running().get(sourceId) === stop) running().delete(sourceId)
  }
  await tellOf(sourceId)
}

interface Work extends SourceRun {
  providerId: number | null
  shiftMinutes: number
  progress: GuideProgress
  signal: AbortSignal
}

/** Returns the code of what was wrong with a guide that was taken all the same, null when nothing was. */
async function work(task: Work): Promise<string | null> {
  const origin = await findOrigin(task.sourceId, task.providerId)
  const sessions = await openSessions()
  const endInterrupts = interruptOnAbort(task.signal, sessions)
  try {
    const { stage, lanes, truncated } = await readSomewhere(task, { origin, sessions })
    if (task.progress.programmes === 0) throw truncated ?? new AppError('EPG_EMPTY')
    await write(task, { stage, lanes, isWhole: truncated === null && !stage.isCapped })
    if (truncated !== null) log().warn({ err: truncated, sourceId: task.sourceId }, 'a guide broke off')
    return truncated !== null ? 'EPG_TRUNCATED' : stage.isCapped ? 'EPG_LIMIT' : null
  } finally {
    endInterrupts()
    await Promise.all(sessions.map(session => session.end()))
  }
}

/** Two, so that the database swaps on two processors; a share of the channels each. */
async function openSessions(): Promise<[ImportSession, ImportSession]> {
  const first = await openSession()
  try {
    return [first, await openSession()]
  } catch (error) {
    await first.end()
    throw error
  }
}

interface Reading {
  origin: GuideOrigin
  sessions: readonly [ImportSession, ImportSession]
}

interface Read {
  stage: Stage
  lanes: readonly Lane[]
  truncated: AppError | null
}

/** Answers that say "not here": the guide may be at the provider's next address. */
const elsewhere = new Set(['EPG_INVALID', 'EPG_EMPTY', 'PROVIDER_REFUSED', 'PROVIDER_BLOCKS_US'])

async function readSomewhere(task: Work, reading: Reading): Promise<Read> {
  let first: unknown = new AppError('EPG_EMPTY')
  for (const [index, read] of reading.origin.readers.entries()) {
    try {
      return await readOne(task, reading, read)
    } catch (error) {
      if (index === 0) first = error
      if (task.signal.aborted || !elsewhere.has(toAppError(error).code)) throw error
    }
  }
  throw first
}

async function readOne(task: Work, { origin, sessions }: Reading, read: GuideReader): Promise<Read> {
  const { progress, signal } = task
  // What another address of it has stored already is to be told, whatever comes of this one.
  Object.assign(progress, GuideProgress.parse({ changed: progress.changed }))
  for (const session of sessions) await createStage(session)
  const lanes = sessions.map(session => new Lane(session, task))
  const stage = new Stage({
    lanes,
    progress,
    archiveDays: await listArchiveDays(task.sourceId),
    shiftMinutes: task.shiftMinutes,
    secrets: origin.secrets,
    isFirst: !(await hasProgrammes(sessions[0], task.sourceId)),
    numbers: await loadChannels(sessions[0], task.sourceId),
    reserve: reserveChannels,
  })
  const bytes = counted(unpackGuide(read(signal)), progress)
  let truncated: AppError | null = null
  try {
    for await (const batch of readXmltv(bytes, { clock: origin.clock })) {
      signal.throwIfAborted()
      truncated = batch.truncated
      await stage.take(batch)
    }
    signal.throwIfAborted()
    await stage.finish()
    return { stage, lanes, truncated }
  } catch (error) {
    await Promise.all(lanes.map(lane => lane.settle()))
    if (!signal.aborted && isNoGuide(error)) await takeBack(task, lanes)
    throw error
  } finally {
    await Promise.all(lanes.map(lane => lane.settle()))
    for (const { stored } of lanes) progress.changed += stored
  }
}

/** What turned out to be no guide has no half of it either; whatever else fails, what has come is of use. */
const isNoGuide = (error: unknown) => ['EPG_INVALID', 'EPG_EMPTY'].includes(toAppError(error).code)

async function takeBack(task: Work, lanes: readonly Lane[]): Promise<void> {
  for (const { session, storedChannels } of lanes) {
    await takeAway(session, task, storedChannels).catch(error =>
      log().warn({ err: error }, 'half a guide could not be taken away'),
    )
  }
}

async function* counted(bytes: AsyncIterable<Buffer>, progress: GuideProgress): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) {
    progress.bytes += chunk.length
    yield chunk
  }
}

interface Writing {
  stage: Stage
  lanes: readonly Lane[]
  isWhole: boolean
}

async function write(task: Work, { stage, lanes, isWhole }: Writing): Promise<void> {
  task.progress.isWriting = true
  const written = lanes.map(({ session, hasTakenBack }, index) => {
    const channels = stage.channelsOf(index).filter(({ place }) => place === 'staged')
    return writeLane(task, session, { channels, isFirst: stage.isFirst && !hasTakenBack, isWhole })
  })
  // Both have come to rest before a failure is passed on: their sessions end with it.
  const results = await Promise.allSettled(written)
  for (const result of results) if (result.status === 'rejected') throw result.reason
  task.progress.isWriting = false
}

interface Share {
  channels: readonly StagedChannel[]
  isFirst: boolean
  isWhole: boolean
}

async function writeLane(work: Work, session: ImportSession, { channels, isFirst, isWhole }: Share) {
  const { progress, sourceId, run, signal } = work
  await tidyChannels(
    session,
    channels.filter(({ isMessy }) => isMessy).map(({ n }) => n),
  )
  // Not `+= await`: the other lane counts meanwhile.
  const renewed = await mergeChannels(session, work)
  progress.changed += renewed
  const ranges = planRanges(channels)
  if (ranges.length > 1 || !isFirst) await settleStage(session, ranges.length > 1)
  for (const [from, to] of ranges) {
    signal.throwIfAborted()
    const swapped = await swapChannels(session, { sourceId, run, from, to, isFirst, isWhole })
    progress.changed += swapped
  }
}

/** Ranges of channel numbers with at most `rows` programmes each, or one channel. */
export function planRanges(
  channels: readonly Pick<StagedChannel, 'n' | 'count'>[],
  rows = SWAP_ROWS,
): [from: number, to: number][] {
  const ranges: [number, number][] = []
  let sum = 0
  for (const { n, count } of channels) {
    const last = ranges.at(-1)
    if (last === undefined || sum + count > rows) {
      ranges.push([n, n])
      sum = count
    } else {
      last[1] = n
      sum += count
    }
  }
  return ranges
}

/** A swap is one long statement; it is ended again and again until the import has noticed. */
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
