import 'server-only'
import { getLineSettings, type LineCaller, type LineRecord, requirePlace } from '@/lib/accounts'
import { noteSourceResult, type SourceRecord } from '@/lib/catalogue'
import { AppError, toAppError } from '@/lib/kernel/errors'
import { untilAborted } from '@/lib/kernel/time'
import { log } from '@/lib/platform/log'
import { atSlot, dialFile, dialHls } from './dial'
import { requestCertificate, requestLicence } from './drm/licence'
import { filmOf } from './film/film-sessions'
import { thumbnailIn, thumbnailOf } from './film/thumbnails'
import { createHlsProxy } from './hls-proxy'
import { playbackKeyring } from './keys'
import { findViewedRelay, openViewedRelay } from './live-conversions'
import { isOutgrown, routeViewer } from './live-decision'
import { openPlanRelay } from './live-relays'
import { createLiveStream } from './live-stream'
import { fileNameOf } from './media-types'
import { meterOutput } from './meter'
import { replayOf } from './replays'
import { addressOf, holdStream, requirePlan, type SessionPlan, slotOf, whileOpening } from './session-plans'
import type { FileStream, FilmStream, LiveStream, ResourceRequest, StreamAccess } from './stream-access'
import { addressFor } from './stream-links'
import { isExpired, type TokenKind, verifyToken } from './tokens'
import { type FileAnswer, openFile } from './vod'

/** A piece of a film has to be there after this many ms: players ask again. */
const PIECE_MS = 45_000

/** An address that an app goes on asking for does not live longer than this. */
const LONGEST_LINE_SECONDS = 7 * 86_400

/** Who a door is for: our own pages, or other apps with a device line. */
export type Audience = 'page' | 'line'

/** How the gateway finds the streams of playback sessions. */
export function streamAccess(audience: Audience): StreamAccess {
  return {
    live: async (token, hop, caller) => {
      const { plan } = await open(token, { kind: 'live', audience, caller })
      return liveOf(plan, hop)
    },
    hls: async (token, hop, caller) => {
      const { plan, source } = await open(token, { kind: 'hls', audience, caller })
      return hlsOf(plan, source, hop)
    },
    file: async (token, hop, caller) => {
      const { plan, source } = await open(token, { kind: 'file', audience, caller })
      return fileOf(plan, source, hop)
    },
    film: async (token, hop, caller) => {
      const { plan, source } = await open(token, { kind: 'film', audience, caller })
      return filmStreamOf(plan, source, hop)
    },
    catchUp: async (token, hop, caller) => {
      const { plan } = await open(token, { kind: 'catch-up', audience, caller })
      return replayOf(plan, hop)
    },
    licence: async token => {
      const { plan } = await open(token, { kind: 'licence', audience, caller: undefined })
      return {
        licence: (system, challenge) => requestLicence(plan, system, challenge),
        certificate: system => requestCertificate(plan, system),
      }
    },
  }
}

/** The live stream of a session. `hop` is the X-Iptv-Hop header of whoever asks. */
export function liveOf(plan: SessionPlan, hop?: string): LiveStream {
  const stream = createLiveStream({
    sessionId: plan.record.id,
    base: () => openPlanRelay(plan, hop),
    open: () => openViewedRelay(plan, hop),
    onRaw: output => {
      holdStream(plan, output)
      meterOutput(plan.meter, output)
    },
    find: () => findViewedRelay(plan),
    route: base => routeViewer(plan, base, hop),
    offersChoice: plan.capabilities !== null,
    hlsAddress: sourceId => addressFor(plan, { kind: 'hls', sourceId: Number(sourceId) }),
  })
  // Where a limit holds, what is to be made of the channel is decided before its first byte, whichever way it is asked for.
  const isLimited = plan.wishes.accountHeight !== undefined
  const within = async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    if (isLimited && plan.decision === null) await stream.index(signal)
    const made = await work()
    // Players open a channel that ended anew by themselves, and then it is decided by what it has become.
    if (isOutgrown(plan)) throw new AppError('STREAM_ENDED', { message: 'the picture became higher than the account includes' })
    return made
  }
  return {
    ...stream,
    media: (signal, isKnown) => within(signal, () => stream.media(signal, isKnown)),
    ready: signal => within(signal, () => stream.ready(signal)),
    segment: async (sequence, signal, choice) => {
      const bytes = await within(signal, () => stream.segment(sequence, signal, choice))
      plan.meter.bytes += bytes.length
      return bytes
    },
  }
}

async function hlsOf(plan: SessionPlan, source: SourceRecord, hop: string | undefined) {
  const address = await addressOf(plan, source)
  const slot = slotOf(plan, source, address.maxConnections)
  const rootUrl = address.hls ?? address.url
  const proxy = createHlsProxy({
    sessionId: plan.record.id,
    keyring: playbackKeyring,
    rootUrl,
    limits: plan.wishes,
    fetch: async (url, headers, signal) => {
      const response = await slot.use(signal, (both, n) => {
        const own = atSlot(address, n)
        // Whatever the playlist names is the server's business; the playlist itself is asked for with the slot's login.
        return dialHls(own, url === rootUrl ? (own.hls ?? own.url) : url, { headers, signal: both, hop })
      })
      holdStream(plan, response.body)
      return response
    },
  })
  return {
    ...proxy,
    resource: async (handle: string, request: ResourceRequest) => {
      const answer = await proxy.resource(handle, request)
      return 'text' in answer ? answer : metered(plan, answer)
    },
  }
}

/** The film or episode of a session. */
export function fileOf(plan: SessionPlan, source: SourceRecord, hop?: string): FileStream {
  return {
    open: async request => {
      const address = await addressOf(plan, source)
      const slot = slotOf(plan, source, address.maxConnections)
      // HEAD takes nothing away from a film that plays.
      if (request.method === 'GET') plan.body?.destroy()
      const ends = AbortSignal.any([request.signal, plan.over.signal])
      const answer = await whileOpening(plan, () =>
        openFile({
          method: request.method,
          range: request.range,
          name: fileNameOf(source),
          connect: headers => slot.use(ends, (signal, n) => dialFile(atSlot(address, n), { headers, signal, hop })),
        }),
      ).catch(error => {
        if (!ends.aborted) blame(source, error)
        throw error
      })
      if (answer.body !== null) {
        plan.body = answer.body
        if (!holdStream(plan, answer.body)) throw new AppError('STREAM_ENDED')
      }
      return metered(plan, answer)
    },
  }
}

/** The film or episode of a session, cut into segments. */
function filmStreamOf(plan: SessionPlan, source: SourceRecord, hop?: string): FilmStream {
  return {
    open: async (name, signal) => {
      const number = thumbnailIn(name)
      if (number !== null) {
        const bytes = await whileOpening(plan, () => thumbnailOf(plan, source, { number, signal, hop }))
        return { kind: 'picture', bytes }
      }
      const deadline = AbortSignal.timeout(PIECE_MS)
      try {
        const soon = AbortSignal.any([signal, deadline])
        // The film is opened for all requests of the session; each waits only as long as it may.
        const film = await whileOpening(plan, () => untilAborted(filmOf(plan, source, hop), soon))
        const piece = await whileOpening(plan, () => film.open(name, soon))
        plan.meter.bytes += 'bytes' in piece ? piece.bytes.length : 0
        return piece
      } catch (error) {
        if (!signal.aborted && !plan.over.signal.aborted) blame(source, error)
        throw deadline.aborted ? new AppError('STREAM_NOT_READY', { retryAfter: 1, cause: error }) : error
      }
    },
  }
}

function metered(plan: SessionPlan, answer: FileAnswer): FileAnswer {
  return {
    ...answer,
    onBytes: count => {
      plan.meter.bytes += count
    },
  }
}

/** Faults of the provider put the source behind the others; a full login says nothing about it. */
export function blame(source: SourceRecord, error: unknown): void {
  const { code } = toAppError(error)
  if (!/^(UPSTREAM_|NO_SOURCE|PROVIDER_DOWN|PROVIDER_BLOCKS_US)/.test(code)) return
  noteSourceResult(source.id, false).catch(cause => log().warn({ err: cause }, 'the health of a source could not be noted'))
}

async function open(
  token: string,
  { kind, audience, caller }: { kind: TokenKind; audience: Audience; caller: LineCaller | undefined },
): Promise<{ plan: SessionPlan; source: SourceRecord }> {
  const now = Date.now() / 1_000
  const claims = verifyToken(playbackKeyring, token, { now, scope: { kind }, mayBeOver: audience === 'line' })
  // Apps ask for the list that they were given once, for days: it is good as long as what it began has not ended.
  if (claims.issuedAt < now - LONGEST_LINE_SECONDS) throw new AppError('TOKEN_EXPIRED')
  const plan = await requirePlan(claims.sessionId).catch(error => {
    const isOver = isExpired(claims, now) && toAppError(error).code === 'STREAM_ENDED'
    throw isOver ? new AppError('TOKEN_EXPIRED', { cause: error }) : error
  })
  // A token and its session name the same things; a mismatch means that one of them is not what it seems.
  if (claims.profileId !== plan.record.profileId || claims.itemId !== plan.record.itemId) throw new AppError('TOKEN_SCOPE')
  if ((plan.line === null) !== (audience === 'page')) throw new AppError('TOKEN_SCOPE')
  if (caller !== undefined && plan.line !== null) await requireSamePlace(plan, plan.line, caller)
  const source = plan.sources.find(({ id }) => id === claims.sourceId)
  if (source === undefined) throw new AppError('NO_SOURCE')
  return { plan, source }
}

/** An address handed on works where the line may be used and, where that is asked for, only where it was made. */
async function requireSamePlace(plan: SessionPlan, line: LineRecord, caller: LineCaller): Promise<void> {
  await requirePlace(line, caller)
  const { bindAddress } = await getLineSettings()
  if (bindAddress && caller.address !== plan.record.address) throw new AppError('TOKEN_SCOPE')
}
