import 'server-only'
import { Readable } from 'node:stream'
import { AppError } from '@/lib/kernel/errors'
import { decodeBody } from '@/lib/platform/fetch'
import { unpackXz } from './unpack-xz'

/** A gigabyte from a hundred megabytes is honest (reliability.md C26); twice that is not. */
const MAX_UNPACKED = 2_147_483_648
/** A packed file inside of a packed transfer; a third wrapping has no honest use. */
const MAX_LEVELS = 2

const packings: readonly { name: string; encoding: string; magic: readonly number[] }[] = [
  { name: 'gzip', encoding: 'gzip', magic: [0x1f, 0x8b] },
  { name: 'zstd', encoding: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: 'xz', encoding: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { name: 'zip', encoding: 'deflate-raw', magic: [0x50, 0x4b, 0x03, 0x04] },
]

/**
 * Unpacks a guide by its first bytes, whatever its name or headers say (protocols.md 5.1).
 * @throws DECOMPRESSION_LIMIT; EPG_INVALID for packings we cannot read
 */
export async function* unpackGuide(bytes: AsyncIterable<Buffer>, level = 0): AsyncGenerator<Buffer> {
  const reader = bytes[Symbol.asyncIterator]()
  let isOver = false
  const rest = async function* (first: Buffer): AsyncGenerator<Buffer> {
    try {
      if (first.length > 0) yield first
      for (let next = await reader.next(); !next.done; next = await reader.next()) yield next.value
      isOver = true
    } finally {
      if (!isOver) await reader.return?.()
    }
  }
  let head: Buffer = Buffer.alloc(0)
  while (head.length < 6) {
    const next = await reader.next()
    if (next.done) break
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value])
  }
  const packing = packings.find(({ magic }) => magic.every((byte, index) => head[index] === byte))
  if (!packing) {
    yield* rest(head)
    return
  }
  const { encoding, name } = packing
  if (level >= MAX_LEVELS) throw invalid('itself several times')
  if (name === 'xz') {
    yield* unpackGuide(unpackXz(rest(head), MAX_UNPACKED), level + 1)
    return
  }
  const packed = name === 'zip' ? firstInZip(rest(head)) : rest(head)
  const unpacked = decodeBody(Readable.from(packed), encoding, { maxBytes: MAX_UNPACKED, toleratesCut: true })
  if (unpacked) yield* unpackGuide(unpacked, level + 1)
}

const ZIP_HEAD = 30
/** How the file inside is packed; nothing else is in use for guides. */
const DEFLATED = 8

/** The packed bytes of the first file in a zip, and what follows them, which the unpacker leaves alone. @throws EPG_INVALID */
async function* firstInZip(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | null = Buffer.alloc(0)
  for await (const chunk of bytes) {
    if (head === null) {
      yield chunk
      continue
    }
    head = Buffer.concat([head, chunk])
    if (head.length < ZIP_HEAD) continue
    const isLocked = (head.readUInt16LE(6) & 1) === 1
    if (isLocked || head.readUInt16LE(8) !== DEFLATED) throw invalid(isLocked ? 'a password' : 'an unusual kind of zip')
    const from = ZIP_HEAD + head.readUInt16LE(26) + head.readUInt16LE(28)
    if (head.length < from) continue
    if (head.length > from) yield head.subarray(from)
    head = null
  }
}

const invalid = (packing: string) =>
  new AppError('EPG_INVALID', { say: `This TV guide is packed with ${packing}, which we cannot unpack. Gzip, xz and zip work.` })
