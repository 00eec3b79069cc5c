import 'server-only'
import type { SourceRecord } from '@/lib/catalogue'
import { isAbort } from '@/lib/kernel/errors'
import { type Gather, type SafeResponse, safeFetch } from '@/lib/platform/fetch'
import { type StreamAddress, streamAddress } from '@/lib/providers'
import type { LiveResponse } from './relay/upstream'
import { type Slot, type SlotRequest, takeSlot } from './slots'

/** Milliseconds. C2 and C3 of reliability.md: connected within 5 s (the guard's own), answered within this. */
const HEADERS_MS = 8_000
const SEGMENT_TOTAL_MS = 120_000
/** A film that is being watched may take hours; its bytes stop when nobody reads them. */
const FILE_TOTAL_MS = 8 * 3_600_000
const IDLE_MS = 15_000
/** A player of segments gains some 7 % on the stream (segmenter): after this beginning it holds more than a read can be late. */
const GATHER_AFTER_MS = 10_000

interface Dial {
  signal: AbortSignal
  hop: string | undefined
}

interface LiveDial {
  priority: number
  held?: Slot | null
  /** Milliseconds between two reads of what flows; without it whatever comes is read at once. */
  everyMs?: () => number
  /** Told of the slot before anything is opened. */
  onSlot?: (slot: Slot) => void
}

/** The address with the login that the slot belongs to, where a provider has several. */
export const atSlot = (address: StreamAddress, n: number): StreamAddress => (n === 0 ? address : { ...address, ...address.at(n) })

/**
 * Opens a live stream under a slot of its own, or the one it is handed. The slot is given back with the connection by `cancel()`: a playlist's body
 * ends, and yet its segments are fetched under the same slot.
 */
export async function dialLive(
  source: SourceRecord,
  { signal, hop, priority, held = null, everyMs, onSlot = () => {} }: Dial & LiveDial,
): Promise<LiveResponse> {
  let slot = held
  try {
    const pooled = await streamAddress(source)
    const limit = pooled.maxConnections
    slot ??= await takeSlot({ providerId: source.providerId, limit, purpose: source.name, priority, signal })
    onSlot(slot)
    const { lost, n, release } = slot
    const address = atSlot(pooled, n)
    const gather = everyMs && { afterMs: GATHER_AFTER_MS, everyMs }
    const { response, dialled } = await openLive(address, { signal: AbortSignal.any([signal, lost]), hop, gather })
    return {
      ...response,
      address: dialled,
      follow: (url, headers, wanted) => dialHls(address, url, { headers, signal: AbortSignal.any([wanted, lost]), hop }),
      cancel: () => {
        response.cancel()
        void release()
      },
    }
  } catch (error) {
    await slot?.release()
    throw error
  }
}

async function openLive(
  address: StreamAddress,
  dial: Dial & { gather: Gather | undefined },
): Promise<{ response: SafeResponse; dialled: string }> {
  const live = { ...dial, totalTimeoutMs: null }
  const response = await open(address.url, address, live)
  // 405 is how panels say that they do not serve this format; the other one may still work (protocols.md 3.5).
  if (response.status !== 405 || address.hls === undefined || address.hls === address.url)
    return { response, dialled: address.url }
  response.cancel()
  return { response: await open(address.hls, address, live), dialled: address.hls }
}

/** One request of a provider's own HLS. Credentials in headers go to the playlist's own server only. */
export function dialHls(
  address: StreamAddress,
  url: string,
  dial: Dial & { headers: Record<string, string> },
): Promise<SafeResponse> {
  const isOwnServer = new URL(url).origin === new URL(address.hls ?? address.url).origin
  const ownHeaders = Object.entries(address.headers).filter(([name]) => isOwnServer || !/^(authorization|cookie)$/i.test(name))
  const headers = { ...Object.fromEntries(ownHeaders), ...dial.headers }
  return open(url, { ...address, headers }, { ...dial, totalTimeoutMs: SEGMENT_TOTAL_MS })
}

/** One request for a film or episode, always at its original address. */
export function dialFile(address: StreamAddress, dial: Dial & { headers: Record<string, string> }): Promise<SafeResponse> {
  const headers = { ...address.headers, ...dial.headers }
  return open(address.url, { ...address, headers }, { ...dial, totalTimeoutMs: FILE_TOTAL_MS, decompress: false })
}

function open(
  url: string,
  address: Pick<StreamAddress, 'headers' | 'privateNetworks'>,
  dial: Dial & { totalTimeoutMs: number | null; decompress?: boolean; gather?: Gather | undefined },
): Promise<SafeResponse> {
  return safeFetch({
    url,
    headers: address.headers,
    privateNetworks: address.privateNetworks,
    signal: dial.signal,
    headersTimeoutMs: HEADERS_MS,
    totalTimeoutMs: dial.totalTimeoutMs,
    idleTimeoutMs: IDLE_MS,
    ...(dial.decompress === undefined ? {} : { decompress: dial.decompress }),
    ...(dial.gather === undefined ? {} : { gather: dial.gather }),
    ...(dial.hop === undefined ? {} : { incomingHop: dial.hop }),
  })
}

/**
 * One slot for all requests of a playback session: taken with the first, kept a while after the last, so that a seek or
 * the next segment neither waits nor counts twice.
 */
export class SessionSlot {
  readonly #request: Omit<SlotRequest, 'signal'>
  readonly #lingerMs: number
  #slot: Promise<Slot> | null = null
  #active = 0
  #usedAt = performance.now()
  #timer: NodeJS.Timeout | null = null

  constructor(request: Omit<SlotRequest, 'signal'>, lingerMs: number) {
    this.#request = request
    this.#lingerMs = lingerMs
  }

  /** Runs `dial` while holding slot `n`; it stays in use until the body has closed. Throws PROVIDER_LIMIT. */
  async use(signal: AbortSignal, dial: (signal: AbortSignal, n: number) => Promise<SafeResponse>): Promise<SafeResponse> {
    this.#active++
    try {
      const slot = await this.#take(signal)
      this.#timer ??= setInterval(() => this.#sweep(), 1_000)
      const response = await dial(AbortSignal.any([signal, slot.lost]), slot.n)
      if (response.body.destroyed) this.#done()
      else response.body.once('close', () => this.#done())
      return response
    } catch (error) {
      this.#done()
      throw error
    }
  }

  /** The first request waits on behalf of all; when its viewer seeks on meanwhile, the next one takes its place. */
  async #take(signal: AbortSignal): Promise<Slot> {
    for (;;) {
      this.#slot ??= takeSlot({ ...this.#request, signal })
      const pending = this.#slot
      try {
        const slot = await pending
        if (!slot.lost.aborted) return slot
        // Somebody of higher priority has it: this session asks like a new one.
        if (this.#slot === pending) this.#slot = null
      } catch (error) {
        if (this.#slot === pending) this.#slot = null
        if (!isAbort(error) || signal.aborted) throw error
      }
    }
  }

  /** Is a slot taken, or being taken? */
  get isHeld(): boolean {
    return this.#slot !== null
  }

  async release(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
    const slot = this.#slot
    this.#slot = null
    if (slot !== null) await slot.then(held => held.release()).catch(() => {})
  }

  #done(): void {
    this.#active--
    this.#usedAt = performance.now()
  }

  #sweep(): void {
    if (this.#active === 0 && performance.now() - this.#usedAt > this.#lingerMs) void this.release()
  }
}
