import 'server-only'
import type { SourceRecord } from '@/lib/catalogue'
import { AppError, type ErrorCode, toAppError } from '@/lib/kernel/errors'
import { DAY, SECOND, sleep } from '@/lib/kernel/time'
import type { SafeResponse } from '@/lib/platform/fetch'
import { type CatchUpAddress, catchUpAddresses, rememberCatchUpForm } from '@/lib/providers'
import { readPlaylistThrough } from './archive/archive-playlist'
import type { Stretch } from './archive/stretch'
import { atSlot, dialFile, dialHls } from './dial'
import { type Elsewhere, findSources, joinSession, type LineRequest, openSession, orLeave } from './line-streams'
import type { Follow } from './relay/hls-segments'
import { holdStream, type SessionPlan, slotOf, whileOpening } from './session-plans'
import type { FileStream, ResourceRequest } from './stream-access'
import { type FileAnswer, openFile } from './vod'

/** Refusals of the account, which no other form of the address mends (protocols.md 3.4). */
const finalStatuses = new Set(['PROVIDER_REFUSED', 'PROVIDER_BLOCKS_US', 'PROVIDER_LIMIT', 'PROVIDER_BUSY', 'LINE_FULL'])

const nothingThere = new Set(['NO_SOURCE', 'UPSTREAM_EMPTY'])

/** So far back no provider has anything: what comes for a moment then is the live picture. */
const LONG_AGO = 400 * DAY
/** Refusals that tell nothing of the moment that was asked for. */
const untold = new Set<ErrorCode>([
  'PROVIDER_LIMIT',
  'PROVIDER_BUSY',
  'LINE_FULL',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNREACHABLE',
  'UNEXPECTED',
])
/** Until when forms that may be live are looked at, in ms from the first one: whoever waits gives up soon after. */
const DOUBT_MS = 10 * SECOND
/** Panels count a connection that has just closed for a moment longer. In ms. */
const COUNTED_MS = 1_100

/** A past stretch of a channel as one file. Tries the provider's forms of address and remembers which one works. */
export async function openLineCatchUp(request: LineRequest, stretch: Stretch): Promise<Elsewhere | FileStream> {
  const { sources, elsewhere } = await findSources(request)
  if (elsewhere !== null) {
    // Only the source whose owner lets apps go there themselves; the others' credentials stay here.
    const [first] = await addressesOf(sources.slice(0, 1), stretch)
    if (first !== undefined) return { location: first.address.url }
  }
  const plan = joinSession(request, 'line-catch-up') ?? (await openSession(request, { sources, mode: 'line-catch-up' }))
  return { open: asked => orLeave(plan, () => openStretch(plan, stretch, { asked, hop: request.hop })) }
}

/** Does the archive of this source reach back to a moment, as far as its provider says? */
export const reachesBack = ({ archiveDays }: SourceRecord, moment: Date): boolean =>
  archiveDays > 0 && moment.getTime() >= Date.now() - archiveDays * DAY

/** Those that reach back far enough; where none does, all, since providers keep more than they say as often as less. */
async function addressesOf(sources: readonly SourceRecord[], { start, minutes }: Stretch) {
  const reaching = sources.filter(source => reachesBack(source, start))
  const found = await Promise.all(
    (reaching.length > 0 ? reaching : sources).map(async source =>
      (await catchUpAddresses(source, start, minutes)).map(address => ({ source, address })),
    ),
  )
  return found.flat()
}

/** Opens a stretch at the first source and form of address that has it; ends what the session read before. */
export async function openStretch(
  plan: SessionPlan,
  stretch: Stretch,
  { asked, hop }: { asked: ResourceRequest; hop: string | undefined },
): Promise<FileAnswer> {
  let refusal: AppError | null = null
  const ends = AbortSignal.any([asked.signal, plan.over.signal])
  const silent = new Set<SourceRecord>()
  const doubt = { signal: ends, hop, late: null }
  for (const { source, address } of await addressesOf(plan.sources, stretch)) {
    if (silent.has(source)) continue
    const slot = slotOf(plan, source, address.maxConnections)
    if (asked.method === 'GET') plan.body?.destroy()
    try {
      if (address.mayBeLive && !address.isLearned) await requirePast(plan, { source, address, stretch }, doubt)
      const answer = await whileOpening(plan, () =>
        openFile({
          ...asked,
          // Of a list of segments no range is known.
          range: address.isPlaylist ? undefined : asked.range,
          name: 'catch-up.ts',
          connect: headers =>
            slot.use(ends, (signal, n) => dialArchive({ source, address, stretch, n }, { headers, signal, hop })),
        }),
      )
      // Without a body nobody has seen anything of it.
      if (answer.body !== null) rememberCatchUpForm(source.providerId, address.form)
      plan.body = answer.body
      if (answer.body !== null && !holdStream(plan, answer.body)) throw new AppError('STREAM_ENDED')
      return {
        ...answer,
        onBytes: count => {
          plan.meter.bytes += count
        },
      }
    } catch (error) {
      ends.throwIfAborted()
      refusal = toAppError(error)
      if (refusal.code === 'UNEXPECTED' || finalStatuses.has(refusal.code)) throw refusal
      // It knows this form: the archive has nothing of that time, and the other forms might be answered with the live picture.
      if (address.isLearned && nothingThere.has(refusal.code)) silent.add(source)
    }
  }
  throw refusal ?? new AppError('NO_SOURCE')
}

/** The archive as a transport stream, also where the provider has it as HLS. */
async function dialArchive(
  { source, address, stretch, n }: { source: SourceRecord; address: CatchUpAddress; stretch: Stretch; n: number },
  dial: Parameters<typeof dialFile>[1],
): Promise<SafeResponse> {
  const at = atSlot(address, n)
  const follow: Follow = (url, headers, signal) => dialHls(at, url, { headers, signal, hop: dial.hop })
  // Between two requests for a list its provider has no connection of ours open.
  const isAlwaysLive = async () => {
    const then = await longBefore(source, address, stretch)
    return then !== undefined && sendsAnything(await dialFile(atSlot(then, n), dial))
  }
  return readPlaylistThrough(await dialFile(at, dial), { stretch, follow, isAlwaysLive, signal: dial.signal })
}

/** Where the same form of the address has nothing, unless it gives the live picture. */
async function longBefore(source: SourceRecord, address: CatchUpAddress, { start, minutes }: Stretch) {
  const addresses = await catchUpAddresses(source, new Date(start.getTime() - LONG_AGO), minutes)
  return addresses.find(({ form }) => form === address.form)
}

async function sendsAnything({ status, body, cancel }: SafeResponse): Promise<boolean> {
  try {
    if (status === 200) for await (const _ of body) return true
    return false
  } finally {
    cancel()
  }
}

interface Doubt {
  signal: AbortSignal
  hop: string | undefined
  /** Aborted when the time for it is over; null before the first one. */
  late: AbortSignal | null
}

/**
 * Asks a form for a moment of which there is no archive. Throws ARCHIVE_GAP when a picture comes all the same, and what kept the
 * provider from an answer.
 */
async function requirePast(
  plan: SessionPlan,
  { source, address, stretch }: { source: SourceRecord; address: CatchUpAddress; stretch: Stretch },
  doubt: Doubt,
): Promise<void> {
  doubt.late ??= AbortSignal.timeout(DOUBT_MS)
  if (doubt.late.aborted) throw new AppError('UPSTREAM_TIMEOUT')
  const signal = AbortSignal.any([doubt.signal, doubt.late])
  const then = await longBefore(source, address, stretch)
  if (then === undefined) return
  if (!(await sendsMedia(plan, source, then, { signal, hop: doubt.hop }))) return
  await sleep(COUNTED_MS, doubt.signal)
  throw new AppError('ARCHIVE_GAP', { message: 'this form of the address is answered with the live picture' })
}

async function sendsMedia(
  plan: SessionPlan,
  source: SourceRecord,
  address: CatchUpAddress,
  { signal: ends, hop }: Pick<Doubt, 'signal' | 'hop'>,
): Promise<boolean> {
  const slot = slotOf(plan, source, address.maxConnections)
  try {
    const { body } = await whileOpening(plan, () =>
      openFile({
        method: 'GET',
        range: undefined,
        name: 'catch-up.ts',
        connect: headers => slot.use(ends, (signal, n) => dialFile(atSlot(address, n), { headers, signal, hop })),
      }),
    )
    body?.destroy()
    return body !== null
  } catch (error) {
    if (ends.aborted) throw new AppError('UPSTREAM_TIMEOUT', { cause: error })
    if (untold.has(toAppError(error).code)) throw error
    return false
  }
}
