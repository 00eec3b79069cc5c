import { Readable } from 'node:stream'
import type { SafeResponse } from '@/lib/platform/fetch'
import { FilmBytes } from './film-bytes'

/** A file that lies at a provider who answers byte ranges. */
export function bytesOf(file: Buffer): FilmBytes {
  return new FilmBytes(async ({ range = '' }) => {
    const from = Number(/\d+/.exec(range)?.[0])
    const headers = { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` }
    const body = Readable.from([file.subarray(from)])
    return { status: 206, headers, url: '', body, cancel: () => body.destroy() } as unknown as SafeResponse
  })
}
