import { AppError } from '@/lib/kernel/errors'
import { backoff } from '@/lib/kernel/time'
import type { RelaySource } from './upstream'

export interface ReconnectOptions {
  /** Shortest time in ms between two tries once every source has had its turn. */
  minReconnectMs: number
  maxBackoffMs: number
  /** The same after an answer that says no: one that no repetition mends, or that we are blocked, which asking often prolongs. */
  maxRefusedBackoffMs: number
  /** A stream that lasted this long, in ms, was healthy: its end starts a new outage, not another round of the old one. */
  healthyAfterMs: number
  /** Rounds over all sources before a channel that never played is given up. */
  coldRounds: number
  /** Milliseconds without a picture after which a channel that did play is given up. */
  outageMs: number
}

export type Pause = { kind: 'wait'; ms: number } | { kind: 'give-up'; error: AppError }

/** Clips in a row, for each source and without an outage among them, after which nothing else is to be expected. */
const MAX_CLIPS = 5

/** Whose turn it is. Every source once without delay, then with growing pauses, so that a flapping provider is spared. */
export class SourceRotation {
  readonly #sources: readonly RelaySource[]
  readonly #options: ReconnectOptions
  readonly #random: () => number
  #index = 0
  #failures = 0
  #startedAt = 0
  #liveSince: number | null = null
  #lastLiveAt: number | null = null
  /** Clean ends in a row after a short life: panels answer with a clip when an account is expired or full. */
  #clips = 0
  /** When a dial was refused or a short life broken off last: the clean ends around it are those of an outage, not of clips. */
  #troubledAt = Number.NEGATIVE_INFINITY
  /** Has every failure since the last good time been one that no repetition mends? */
  #isDefinitive = true

  constructor(sources: readonly RelaySource[], options: ReconnectOptions, random: () => number = Math.random) {
    if (sources.length === 0) throw new AppError('NO_SOURCE')
    this.#sources = sources
    this.#options = options
    this.#random = random
  }

  next(now = performance.now()): RelaySource {
    this.#startedAt = now
    return this.#sources[this.#index % this.#sources.length] as RelaySource
  }

  markLive(now = performance.now()): void {
    this.#liveSince = now
  }

  /** What to do now that the source on turn has failed. */
  afterFailure(error: AppError, now = performance.now()): Pause {
    this.#countClips(error, now)
    this.#isDefinitive = this.#isDefinitive && !error.retryable
    if (this.#liveSince !== null) {
      this.#isDefinitive = false
      if (now - this.#liveSince >= this.#options.healthyAfterMs) this.#failures = 0
      this.#lastLiveAt = now
      this.#liveSince = null
    }
    this.#failures++
    this.#index++
    if (this.#isClipsOnly(now)) return { kind: 'give-up', error: onlyClips(error) }
    if (this.#isHopeless(now)) return { kind: 'give-up', error: this.#sources.length === 1 ? error : allFailed(error) }
    const round = Math.floor((this.#failures - 1) / this.#sources.length)
    // A source that played for long may be dialled again at once, even when it is the only one.
    if (
      this.#failures < this.#sources.length ||
      (round === 0 && this.#lastLiveAt === now && now - this.#startedAt >= this.#options.healthyAfterMs)
    ) {
      return { kind: 'wait', ms: 0 }
    }
    const least = Math.max(0, this.#startedAt + this.#options.minReconnectMs - now)
    const asked = (error.retryAfter ?? 0) * 1_000
    return { kind: 'wait', ms: Math.max(least, asked) + backoff(round, 500, this.#longestBackoff(error), this.#random) }
  }

  #countClips(error: AppError, now: number): void {
    const wasHealthy = this.#liveSince !== null && now - this.#liveSince >= this.#options.healthyAfterMs
    const isClip = error.code === 'STREAM_ENDED' && this.#liveSince !== null && !wasHealthy
    this.#clips = isClip ? this.#clips + 1 : 0
    if (!isClip && !wasHealthy) this.#troubledAt = now
  }

  /** A provider that flaps may hit five good moments in a row by chance; not all of those an outage may last. */
  #isClipsOnly(now: number): boolean {
    return this.#clips >= MAX_CLIPS * this.#sources.length && now - this.#troubledAt > this.#options.outageMs
  }

  #longestBackoff(error: AppError): number {
    const isRefused = !error.retryable || error.code === 'PROVIDER_BLOCKS_US'
    return isRefused ? this.#options.maxRefusedBackoffMs : this.#options.maxBackoffMs
  }

  #isHopeless(now: number): boolean {
    if (this.#lastLiveAt !== null)
      return this.#failures > this.#sources.length && now - this.#outageBegan() > this.#options.outageMs
    const rounds = this.#isDefinitive ? 1 : this.#options.coldRounds
    return this.#failures >= this.#sources.length * rounds
  }

  #outageBegan(): number {
    return this.#lastLiveAt ?? this.#startedAt
  }
}

function onlyClips(cause: AppError): AppError {
  const say =
    'The provider sends a short clip instead of this channel. Often the subscription has run out or its connections are in use.'
  return new AppError('ALL_SOURCES_FAILED', { message: 'short clips only', say, cause })
}

function allFailed(cause: AppError): AppError {
  return new AppError('ALL_SOURCES_FAILED', { message: `last: ${cause.code}`, cause })
}
