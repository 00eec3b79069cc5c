import 'server-only'
import { ReadableStream } from 'node:stream/web'
import { XzReadableStream } from 'xz-decompress'
import { AppError } from '@/lib/kernel/errors'
import { isHonest } from '@/lib/platform/fetch'

/** Thrown into the unpacker when the packed bytes end too early: it would ask for more for ever. */
class CutShort extends Error {}

interface Counts {
  packed: number
  unpacked: number
  failure: unknown
}

/**
 * Unpacks xz as it comes. A file that was cut gives what there is of it.
 * @throws DECOMPRESSION_LIMIT like `decodeBody`; EPG_INVALID for what is no xz
 */
export async function* unpackXz(packed: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  const counts: Counts = { packed: 0, unpacked: 0, failure: null }
  const input = ReadableStream.from(endLoudly(packed, counts)) as unknown as ConstructorParameters<typeof XzReadableStream>[0]
  try {
    for await (const chunk of new XzReadableStream(input)) {
      counts.unpacked += chunk.length
      if (!isHonest(counts, maxBytes)) throw new AppError('DECOMPRESSION_LIMIT')
      // The unpacker uses its memory again for the next piece.
      if (chunk.length > 0) yield Buffer.from(chunk)
    }
  } catch (error) {
    const cause = counts.failure ?? error
    if (cause instanceof CutShort) return
    if (cause instanceof AppError) throw cause
    throw new AppError('EPG_INVALID', { say: 'This TV guide begins like an xz file and is none.', cause })
  }
}

/** The same bytes, counted, with an error after the last of them. Errors are kept: the unpacker would hide them. */
async function* endLoudly(packed: AsyncIterable<Buffer>, counts: Counts): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of packed) {
      counts.packed += chunk.length
      if (chunk.length > 0) yield chunk
    }
    throw new CutShort('the packed bytes end too early')
  } catch (error) {
    counts.failure = error
    throw error
  }
}
