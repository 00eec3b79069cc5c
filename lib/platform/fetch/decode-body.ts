import { type Readable, Transform, type TransformCallback } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib'
import { AppError } from '@/lib/kernel/errors'

/** Nothing honest in this field packs better than this: XMLTV, the most repetitive, reaches about 30:1. */
const MAX_RATIO = 200
/** Bytes of output below which the ratio is not judged: small texts may be very repetitive. */
const RATIO_FREE_BYTES = 1_048_576

export interface DecodeLimits {
  /** Largest unpacked size in bytes. */
  maxBytes: number
  /** A file that was cut short ends where it was cut, instead of failing. */
  toleratesCut?: boolean
}

/**
 * Unpacks a body while counting both sides. `encoding` is a Content-Encoding value; null for one we do not know.
 * The stream fails with DECOMPRESSION_LIMIT at the absolute cap or beyond 200:1 after the first megabyte, and with
 * UPSTREAM_PROTOCOL_ERROR when the bytes are not what the encoding says. Destroying the result destroys `source`.
 */
export function decodeBody(source: Readable, encoding: string, limits: DecodeLimits): Readable | null {
  const unpack = createUnpacker(encoding, limits.toleratesCut ?? false)
  if (unpack === null) return null
  const counts = { packed: 0, unpacked: 0 }
  const countPacked = counter(chunk => {
    counts.packed += chunk.length
    return true
  })
  const countUnpacked = counter(chunk => {
    counts.unpacked += chunk.length
    return isHonest(counts, limits.maxBytes)
  })
  chain([source, countPacked, unpack, countUnpacked])
  return countUnpacked
}

/** Is that an amount of bytes that an honest file unpacks to? */
export function isHonest({ packed, unpacked }: { packed: number; unpacked: number }, maxBytes: number): boolean {
  return unpacked <= maxBytes && (unpacked <= RATIO_FREE_BYTES || unpacked <= packed * MAX_RATIO)
}

/** Pipes the stages into each other; an error in one destroys all, and so does a consumer that leaves. */
function chain(stages: [Readable, Transform, Transform, Transform]): void {
  const [source, packed, unpack, last] = stages
  source.pipe(packed).pipe(unpack).pipe(last)
  const destroyAll = () => {
    for (const stage of stages) stage.destroy()
  }
  source.on('error', error => last.destroy(error))
  unpack.on('error', error => last.destroy(new AppError('UPSTREAM_PROTOCOL_ERROR', { cause: error })))
  last.on('close', destroyAll)
}

/** Output of an unpacker at a time: the default of 16 kB spends more on handing over than on unpacking. */
const CHUNK_BYTES = 131_072

function createUnpacker(encoding: string, toleratesCut: boolean): Transform | null {
  const finishFlush = toleratesCut ? constants.Z_SYNC_FLUSH : constants.Z_FINISH
  switch (encoding.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip({ finishFlush, chunkSize: CHUNK_BYTES })
    case 'deflate':
      return createInflate()
    // No Content-Encoding, but what a zip file has inside.
    case 'deflate-raw':
      return createInflateRaw({ finishFlush, chunkSize: CHUNK_BYTES })
    case 'br':
      return createBrotliDecompress()
    case 'zstd':
      return createZstdDecompress({ chunkSize: CHUNK_BYTES })
    default:
      return null
  }
}

function counter(allows: (chunk: Buffer) => boolean): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      if (allows(chunk)) done(null, chunk)
      else done(new AppError('DECOMPRESSION_LIMIT'))
    },
  })
}
