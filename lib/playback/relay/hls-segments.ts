import { createDecipheriv } from 'node:crypto'
import { AppError } from '@/lib/kernel/errors'
import { readBody, type SafeResponse } from '@/lib/platform/fetch'
import type { HlsPart } from './hls-playlist'
import { refusalOf } from './upstream-status'

/** A guarded request of the same source under the same slot. */
export type Follow = (url: string, headers: Record<string, string>, signal: AbortSignal) => Promise<SafeResponse>

/** Ten seconds of the richest broadcasts, with room. */
const MAX_SEGMENT_BYTES = 48 * 2 ** 20
const MAX_KEY_BYTES = 1_024
const KEY_BYTES = 16

/** Fetches segments of one stream and opens them; keeps the key that was used last. */
export class SegmentFetcher {
  readonly #follow: Follow
  #keyUrl = ''
  #key: Buffer = Buffer.alloc(0)

  constructor(follow: Follow) {
    this.#follow = follow
  }

  /** The segment's own bytes. Throws the UPSTREAM_* codes and those of a refusal. */
  async fetch(segment: HlsPart, signal: AbortSignal): Promise<Buffer> {
    const { range, key } = segment
    const headers = range === null ? {} : { range: `bytes=${range.start}-${range.start + range.length - 1}` }
    const { bytes, status } = await this.#read(segment.url, { headers, maxBytes: MAX_SEGMENT_BYTES, signal })
    // A server that does not know ranges sends the whole file.
    const part = range !== null && status !== 206 ? bytes.subarray(range.start, range.start + range.length) : bytes
    if (part.length === 0) throw new AppError('UPSTREAM_EMPTY')
    if (key === null) return part
    const decipher = createDecipheriv('aes-128-cbc', await this.#keyOf(key.url, signal), key.iv)
    try {
      return Buffer.concat([decipher.update(part), decipher.final()])
    } catch (cause) {
      throw new AppError('UPSTREAM_NOT_MEDIA', { message: 'the segment does not fit its key', cause })
    }
  }

  async #keyOf(url: string, signal: AbortSignal): Promise<Buffer> {
    if (this.#keyUrl === url) return this.#key
    const { bytes } = await this.#read(url, { headers: {}, maxBytes: MAX_KEY_BYTES, signal })
    if (bytes.length !== KEY_BYTES) throw new AppError('UPSTREAM_NOT_MEDIA', { message: `a key of ${bytes.length} bytes` })
    this.#keyUrl = url
    this.#key = bytes
    return bytes
  }

  async #read(url: string, want: { headers: Record<string, string>; maxBytes: number; signal: AbortSignal }) {
    const response = await this.#follow(url, want.headers, want.signal)
    try {
      const refusal = refusalOf(response.status, response.headers)
      if (refusal !== null) throw refusal
      return { bytes: await readBody(response, { maxBytes: want.maxBytes }), status: response.status }
    } finally {
      response.cancel()
    }
  }
}
