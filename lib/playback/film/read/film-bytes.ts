import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { AppError, toAppError } from '@/lib/kernel/errors'
import type { SafeResponse } from '@/lib/platform/fetch'
import { parseContentRange } from '../../range'
import { refusalOf } from '../../relay/upstream-status'

const BLOCK = 128 * 1024
/** Bytes kept for whoever reads the same place again: sound and picture of one moment lie side by side. */
const CACHE_BLOCKS = (16 * 2 ** 20) / BLOCK
/** So far ahead of what flows it is quicker to let it flow than to ask anew. */
const SKIP_BYTES = 2 ** 20
/** An open connection that nobody reads from is let go after this many ms. */
const IDLE_MS = 8_000

/** What makes a file the same file. */
export interface FileIdentity {
  size: number
  etag: string | null
}

/** A short name for it, the same in every process. */
export const nameOfFile = ({ size, etag }: FileIdentity): string =>
  createHash('sha256').update(`${size}/${etag}`).digest('hex').slice(0, 16)

type Connect = (headers: Record<string, string>) => Promise<SafeResponse>

/**
 * A file at the provider, read anywhere over one connection at a time: what lies ahead of the open one flows on, anything
 * else asks for another range.
 */
export class FilmBytes {
  readonly #connect: Connect
  readonly #blocks = new Map<number, Buffer>()
  #identity: FileIdentity | null = null
  #flow: Flow | null = null
  #turn: Promise<unknown> = Promise.resolve()
  #idle: NodeJS.Timeout | null = null
  #isClosed = false
  /** Requests to the provider so far. */
  requests = 0

  /** `known` are blocks that were kept from before, with the file they belong to. */
  constructor(connect: Connect, known?: { identity: FileIdentity; blocks: ReadonlyMap<number, Buffer> }) {
    this.#connect = connect
    if (known === undefined) return
    this.#identity = known.identity
    for (const [n, block] of known.blocks) this.#blocks.set(n, block)
  }

  /** Dials when nothing is known yet. Throws UPSTREAM_* and PROVIDER_*; RANGE_INVALID when the provider sends only whole files. */
  async identify(): Promise<FileIdentity> {
    if (this.#identity === null) await this.#block(0)
    if (this.#identity === null) throw new AppError('UPSTREAM_EMPTY')
    return this.#identity
  }

  get size(): number {
    return this.#identity?.size ?? 0
  }

  /** Is there no connection now? */
  get isResting(): boolean {
    return this.#flow === null
  }

  /** The bytes that are held now, to be kept for the next time. */
  get held(): ReadonlyMap<number, Buffer> {
    return this.#blocks
  }

  /** Fewer bytes than asked for only at the end of the file. */
  async read(offset: number, length: number): Promise<Buffer> {
    if (this.#identity === null) await this.identify()
    const end = Math.min(offset + length, this.size)
    if (offset >= end) return Buffer.alloc(0)
    const first = Math.floor(offset / BLOCK)
    const last = Math.floor((end - 1) / BLOCK)
    const parts: Buffer[] = []
    for (let n = first; n <= last; n++) parts.push(await this.#block(n))
    const whole = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
    return whole.subarray(offset - first * BLOCK, end - first * BLOCK)
  }

  /** Ends the connection; resolves when it is closed. Reading goes on with another one unless it was `forGood`. */
  async close(forGood = true): Promise<void> {
    if (forGood) this.#isClosed = true
    if (this.#idle !== null) clearTimeout(this.#idle)
    const flow = this.#flow
    this.#flow = null
    if (flow !== null) await flow.close()
  }

  #block(n: number): Promise<Buffer> {
    const known = this.#blocks.get(n)
    if (known !== undefined) {
      this.#blocks.delete(n)
      this.#blocks.set(n, known)
      return Promise.resolve(known)
    }
    const next = this.#turn.then(() => this.#blocks.get(n) ?? this.#fetch(n))
    this.#turn = next.catch(() => {})
    return next
  }

  async #fetch(n: number): Promise<Buffer> {
    for (let attempt = 0; ; attempt++) {
      if (this.#isClosed) throw new AppError('STREAM_ENDED')
      try {
        return await this.#flowTo(n)
      } catch (error) {
        await this.close(false)
        const { code } = toAppError(error)
        // A connection that broke off or was let go meanwhile is opened once more.
        const isWorthAnother =
          code === 'UPSTREAM_STALLED' || code === 'UPSTREAM_UNREACHABLE' || code === 'UPSTREAM_PROTOCOL_ERROR'
        if (attempt > 0 || !isWorthAnother || this.#isClosed) throw error
      }
    }
  }

  async #flowTo(n: number): Promise<Buffer> {
    // A connection that somebody waits for is not idle, however slow it is: its own deadlines end it.
    if (this.#idle !== null) clearTimeout(this.#idle)
    const offset = n * BLOCK
    if (this.#flow === null || this.#flow.at > offset || offset - this.#flow.at > SKIP_BYTES) await this.#open(offset)
    for (;;) {
      const flow = this.#flow
      if (flow === null) throw new AppError('STREAM_ENDED')
      const at = flow.at
      const block = await flow.take(Math.min(BLOCK, this.size - at))
      this.#keep(at / BLOCK, block)
      if (at !== offset) continue
      this.#rest()
      return block
    }
  }

  async #open(offset: number): Promise<void> {
    await this.close(false)
    this.requests++
    const response = await this.#connect({ range: `bytes=${offset}-` })
    try {
      this.#learn(response, offset)
    } catch (error) {
      response.cancel()
      throw error
    }
    this.#flow = new Flow(response, offset)
    if (this.#isClosed) await this.close()
  }

  #learn({ status, headers }: SafeResponse, offset: number): void {
    // There is no first byte: a file of nothing.
    if (status === 416 && /^bytes \*\/0$/.test(headers['content-range'] ?? '')) throw new AppError('FILM_BROKEN')
    const refusal = refusalOf(status, headers)
    if (refusal !== null) throw refusal
    const sent = parseContentRange(headers['content-range'])
    if (status !== 206 || sent === null || sent.total === null || sent.start !== offset) throw new AppError('RANGE_INVALID')
    const identity = { size: sent.total, etag: headers.etag ?? null }
    const known = this.#identity
    if (known !== null && (known.size !== identity.size || known.etag !== identity.etag)) {
      this.#blocks.clear()
      this.#identity = null
      throw new AppError('FILM_CHANGED')
    }
    this.#identity = identity
  }

  #keep(n: number, block: Buffer): void {
    this.#blocks.set(n, block)
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= CACHE_BLOCKS) break
      this.#blocks.delete(oldest)
    }
  }

  #rest(): void {
    if (this.#idle !== null) clearTimeout(this.#idle)
    this.#idle = setTimeout(() => void this.close(false), IDLE_MS)
    this.#idle.unref()
  }
}

/** An answer that is read piece by piece. */
class Flow {
  at: number
  readonly #response: SafeResponse
  readonly #body: Readable
  #error: unknown = null
  #isOver = false
  #pieces: Buffer[] = []
  #has = 0

  constructor(response: SafeResponse, at: number) {
    this.#response = response
    this.#body = response.body
    this.at = at
    this.#body.on('error', error => {
      this.#error = error
    })
    this.#body.once('close', () => {
      this.#isOver = true
    })
  }

  async take(length: number): Promise<Buffer> {
    for (;;) {
      if (this.#has >= length) return this.#cut(length)
      if (this.#error !== null) throw this.#error
      // All that is there, always: a stream that holds less than was asked for would say at once, again and again, that it is readable.
      const piece: Buffer | null = this.#body.read()
      if (piece !== null) {
        this.#pieces.push(piece)
        this.#has += piece.length
      } else if (this.#isOver || this.#body.readableEnded) {
        throw new AppError('UPSTREAM_STALLED', { message: 'the file broke off' })
      } else await this.#news()
    }
  }

  #cut(length: number): Buffer {
    const all = this.#pieces.length === 1 ? (this.#pieces[0] as Buffer) : Buffer.concat(this.#pieces)
    const rest = all.subarray(length)
    this.#pieces = rest.length === 0 ? [] : [rest]
    this.#has = rest.length
    this.at += length
    return all.subarray(0, length)
  }

  #news(): Promise<void> {
    const names = ['readable', 'end', 'close', 'error']
    return new Promise(resolve => {
      const wake = () => {
        for (const name of names) this.#body.off(name, wake)
        resolve()
      }
      for (const name of names) this.#body.once(name, wake)
    })
  }

  async close(): Promise<void> {
    const closed = this.#isOver ? null : new Promise<void>(resolve => this.#body.once('close', () => resolve()))
    this.#response.cancel()
    this.#body.destroy()
    await closed
  }
}
