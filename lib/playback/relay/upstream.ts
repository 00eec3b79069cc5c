import { AppError, toAppError } from '@/lib/kernel/errors'
import type { SafeResponse } from '@/lib/platform/fetch'
import { TsScanner, type TsSink } from '../ts/scanner'
import type { Follow } from './hls-segments'
import { runHlsUpstream } from './hls-upstream'
import { SNIFF_BYTES, sniffLive } from './sniff-live'
import { refusalOf } from './upstream-status'

/** What it holds (a connection, a slot) is given back by `cancel()`. */
export interface LiveResponse extends SafeResponse {
  /** The address that was dialled, before redirects. */
  address?: string
  /** Further requests under the same slot; without it a playlist cannot be followed. */
  follow?: Follow
}

export interface RelaySource {
  id: string
  /** Opens the stream at its original address; every failure is an AppError. The signal means that nobody wants it any more. */
  connect(signal: AbortSignal): Promise<LiveResponse>
}

export interface UpstreamLimits {
  /** Milliseconds until the connection has answered, a wait for a slot included. */
  connectMs: number
  /** Milliseconds from the answer until it is known to be a transport stream. */
  sniffMs: number
  /** Milliseconds without a frame after which a stream counts as dead. */
  stallMs: number
}

export type UpstreamEnd = { kind: 'playlist'; sourceId: string } | { kind: 'failed'; error: AppError }

export interface UpstreamHooks {
  sink: TsSink
  /** The first frame has come. */
  onLive(scanner: TsScanner): void
  /** The source itself says that what follows does not continue what came. */
  onBreak(): void
}

const MAX_PLAYLIST_BYTES = 4 * 2 ** 20

/** One connection to one source, from dialling to its end. Never rejects; the signal ends it at once. */
export async function runUpstream(
  source: RelaySource,
  hooks: UpstreamHooks,
  control: { limits: UpstreamLimits; signal: AbortSignal },
): Promise<UpstreamEnd> {
  const { limits, signal } = control
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(new AppError('UPSTREAM_TIMEOUT')), limits.connectMs)
  let response: LiveResponse
  try {
    response = await connectInTime(source, AbortSignal.any([signal, deadline.signal]))
  } catch (error) {
    return { kind: 'failed', error: toAppError(error) }
  } finally {
    clearTimeout(timer)
  }
  try {
    const refusal = refusalOf(response.status, response.headers)
    if (refusal !== null) throw refusal
    signal.throwIfAborted()
    return await new StreamReader(response, hooks, limits).run(signal, source.id)
  } catch (error) {
    return { kind: 'failed', error: toAppError(error) }
  } finally {
    response.cancel()
  }
}

/** A source that does not listen to the signal (a database that hangs) is left behind; what it opens late is closed. */
async function connectInTime(source: RelaySource, signal: AbortSignal): Promise<LiveResponse> {
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  const connecting = source.connect(signal)
  try {
    signal.throwIfAborted()
    return await Promise.race([connecting, promise])
  } catch (error) {
    connecting.then(late => late.cancel()).catch(() => {})
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

class StreamReader {
  readonly #response: LiveResponse
  readonly #limits: UpstreamLimits
  readonly #hooks: UpstreamHooks
  readonly #scanner: TsScanner
  /** Ends what a playlist has set in motion. */
  readonly #ended = new AbortController()
  #isPlaylist = false
  #head: Buffer[] = []
  #headBytes = 0
  #isTransportStream = false
  #isLive = false
  #progressAt = performance.now()

  constructor(response: LiveResponse, hooks: UpstreamHooks, limits: UpstreamLimits) {
    this.#response = response
    this.#hooks = hooks
    this.#limits = limits
    this.#scanner = new TsScanner({
      onPacket: packet => {
        if (packet.frame !== null) {
          this.#progressAt = performance.now()
          if (!this.#isLive) {
            this.#isLive = true
            hooks.onLive(this.#scanner)
          }
        }
        hooks.sink.onPacket(packet)
      },
      onProgramChange: () => hooks.sink.onProgramChange(),
    })
  }

  run(signal: AbortSignal, sourceId: string): Promise<UpstreamEnd> {
    const { promise, resolve } = Promise.withResolvers<UpstreamEnd>()
    const { body } = this.#response
    const fail = (error: unknown) => resolve({ kind: 'failed', error: toAppError(error) })
    const onAbort = () => fail(new AppError('STREAM_ENDED'))
    signal.addEventListener('abort', onAbort, { once: true })
    const watchdog = setInterval(
      () => {
        const error = this.#overdue()
        if (error !== null) fail(error)
      },
      Math.min(500, this.#limits.stallMs / 8, this.#limits.sniffMs / 8),
    )
    body.on('data', (chunk: Buffer) => {
      try {
        this.#take(chunk)
      } catch (error) {
        fail(error)
      }
    })
    body.on('end', () => {
      // A live stream never ends by itself, so a clean end is a failure like any other.
      if (!this.#isPlaylist) fail(this.#endError())
      else this.#followPlaylist().then(() => resolve({ kind: 'playlist', sourceId }), fail)
    })
    body.on('error', fail)
    return promise.finally(() => {
      clearInterval(watchdog)
      this.#ended.abort(new AppError('STREAM_ENDED'))
      signal.removeEventListener('abort', onAbort)
      body.removeAllListeners('data')
    })
  }

  #take(chunk: Buffer): void {
    if (this.#isTransportStream) {
      this.#scanner.push(chunk)
      return
    }
    this.#head.push(chunk)
    this.#headBytes += chunk.length
    if (this.#isPlaylist) {
      if (this.#headBytes > MAX_PLAYLIST_BYTES) throw new AppError('UPSTREAM_TOO_LARGE')
      return
    }
    const head = Buffer.concat(this.#head)
    const content = sniffLive(head)
    if (content === 'ts') {
      this.#isTransportStream = true
      this.#head = []
      this.#progressAt = performance.now()
      this.#scanner.push(head)
    } else if (content === 'hls') this.#isPlaylist = true
    else if (content === 'unknown' && this.#headBytes > SNIFF_BYTES) throw this.#notMedia()
  }

  /** Resolves when a relay cannot read what the playlist lists; rejects when the source fails. */
  async #followPlaylist(): Promise<void> {
    const { follow, url, address = url } = this.#response
    if (follow === undefined) return
    const first = { text: Buffer.concat(this.#head).toString('utf8'), url }
    this.#head = []
    await runHlsUpstream(
      { address, first, follow },
      { emit: bytes => this.#emit(bytes), onBreak: () => this.#hooks.onBreak() },
      this.#ended.signal,
    )
  }

  #emit(bytes: Buffer): void {
    this.#isTransportStream = true
    this.#scanner.push(bytes)
  }

  #overdue(): AppError | null {
    const silent = performance.now() - this.#progressAt
    if (this.#isTransportStream) return silent > this.#limits.stallMs ? new AppError('UPSTREAM_STALLED') : null
    if (silent <= this.#limits.sniffMs) return null
    if (this.#isPlaylist) return new AppError('UPSTREAM_STALLED')
    return this.#headBytes === 0 ? new AppError('UPSTREAM_STALLED') : this.#notMedia()
  }

  #endError(): AppError {
    if (this.#headBytes === 0) return new AppError('UPSTREAM_EMPTY')
    return this.#isTransportStream ? new AppError('STREAM_ENDED', { message: 'upstream ended' }) : this.#notMedia()
  }

  #notMedia(): AppError {
    return new AppError('UPSTREAM_NOT_MEDIA', { message: `content-type ${this.#response.headers['content-type'] ?? 'none'}` })
  }
}
