import { createCipheriv, randomBytes } from 'node:crypto'
import { AppError } from '@/lib/kernel/errors'
import { u32, writeBox, writeFullBox } from '../film/read/mp4-boxes'
import { type Box, findBox, listBoxes } from './box-places'
import { IV_BYTES, type ProtectedTrack } from './protect-init'

/**
 * Bytes at the beginning of each NAL unit that stay readable: decoders that keep the picture in protected memory read the header of
 * each slice in the clear, and no slice header is longer.
 */
const CLEAR_LEAD = 96
const BLOCK = 16
/** In trun and tfhd (ISO 14496-12). */
const has = { dataOffset: 0x1, firstFlags: 0x4, duration: 0x100, size: 0x200, flags: 0x400, composition: 0x800 } as const

interface Span {
  clear: number
  secret: number
}

interface Run {
  /** Where in the file the samples begin. */
  start: number
  sizes: number[]
}

/**
 * Encrypts a media segment (`moof` and `mdat`, one or more of them) sample by sample under AES-CTR. The key is 16 bytes in hexadecimal.
 * Every sample gets a random start value: the same key may protect two encodings of one moment.
 */
export function protectSegment(segment: Buffer, key: string, tracks: readonly ProtectedTrack[]): Buffer {
  const bytes = Buffer.from(segment)
  const secret = Buffer.from(key, 'hex')
  const out: Buffer[] = []
  for (const box of listBoxes(bytes)) {
    out.push(box.type === 'moof' ? protectFragment(bytes, box, { secret, tracks }) : bytes.subarray(box.start, box.end))
  }
  return Buffer.concat(out)
}

function protectFragment(bytes: Buffer, moof: Box, how: { secret: Buffer; tracks: readonly ProtectedTrack[] }): Buffer {
  const children = listBoxes(bytes, moof.body, moof.end)
  const encrypted = children.map(child => {
    if (child.type !== 'traf') return { head: Buffer.from(bytes.subarray(child.start, child.end)), auxiliary: null }
    return protectTrackFragment(bytes, { moof, traf: child }, how)
  })
  const grown = encrypted.reduce((sum, { auxiliary }) => sum + (auxiliary?.length ?? 0), 0)
  let at = 8
  const parts = encrypted.map(({ head, auxiliary }) => {
    // `saio` says where the start values are: 16 bytes into the `senc` that ends this box, counted from the moof.
    if (auxiliary !== null) auxiliary.writeUInt32BE(at + head.length + auxiliary.senc, auxiliary.saio)
    moveData(head, grown)
    at += head.length + (auxiliary?.length ?? 0)
    return auxiliary === null ? head : makeTraf(head, auxiliary)
  })
  return writeBox('moof', ...parts)
}

/** saiz, saio and senc of one track fragment, with the places inside that are filled in later. */
type Auxiliary = Buffer & { saio: number; senc: number }

const makeTraf = (head: Buffer, auxiliary: Buffer): Buffer => writeBox('traf', head.subarray(8), auxiliary)

function protectTrackFragment(
  bytes: Buffer,
  { moof, traf }: { moof: Box; traf: Box },
  { secret, tracks }: { secret: Buffer; tracks: readonly ProtectedTrack[] },
): { head: Buffer; auxiliary: Auxiliary | null } {
  const head = Buffer.from(bytes.subarray(traf.start, traf.end))
  const tfhd = findBox(bytes, 'tfhd', traf)
  const track = tfhd === null ? undefined : tracks.find(({ id }) => id === bytes.readUInt32BE(tfhd.body + 4))
  if (tfhd === null || track === undefined) return { head, auxiliary: null }
  const entries: Buffer[] = []
  for (const { start, sizes } of listRuns(bytes, { moof, traf, tfhd })) {
    let at = start
    for (const size of sizes) {
      if (at + size > bytes.length) throw new AppError('UPSTREAM_PROTOCOL_ERROR', { message: 'a sample beyond its segment' })
      entries.push(encryptSample(bytes.subarray(at, at + size), track, secret))
      at += size
    }
  }
  return { head, auxiliary: makeAuxiliary(entries, track.nalLengthBytes !== null) }
}

/** Encrypts in place; answers the start value and, where parts stay clear, the map of them. */
function encryptSample(sample: Buffer, track: ProtectedTrack, secret: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-128-ctr', secret, Buffer.concat([iv, Buffer.alloc(BLOCK - IV_BYTES)]))
  if (track.nalLengthBytes === null) {
    cipher.update(sample).copy(sample)
    return iv
  }
  const spans = spansOf(sample, track.nalLengthBytes)
  const map = Buffer.alloc(2 + spans.length * 6)
  map.writeUInt16BE(spans.length)
  let at = 0
  spans.forEach(({ clear, secret: length }, index) => {
    map.writeUInt16BE(clear, 2 + index * 6)
    map.writeUInt32BE(length, 4 + index * 6)
    at += clear
    if (length > 0) cipher.update(sample.subarray(at, at + length)).copy(sample, at)
    at += length
  })
  return Buffer.concat([iv, map])
}

/** What of each NAL unit stays clear: its length, its beginning, and what does not fill whole blocks. */
function spansOf(sample: Buffer, lengthBytes: number): Span[] {
  const spans: Span[] = []
  let pending = 0
  const close = (secret: number) => {
    // The field for clear bytes has 16 bits.
    for (; pending > 0xffff; pending -= 0xffff) spans.push({ clear: 0xffff, secret: 0 })
    if (pending + secret > 0) spans.push({ clear: pending, secret })
    pending = 0
  }
  let at = 0
  while (at + lengthBytes <= sample.length) {
    const size = sample.readUIntBE(at, lengthBytes)
    const whole = Math.min(lengthBytes + size, sample.length - at)
    const secret = Math.max(0, whole - lengthBytes - CLEAR_LEAD)
    const blocks = secret - (secret % BLOCK)
    pending += whole - blocks
    if (blocks > 0) close(blocks)
    at += whole
  }
  pending += sample.length - at
  close(0)
  return spans
}

function makeAuxiliary(entries: readonly Buffer[], hasSpans: boolean): Auxiliary {
  const count = u32(entries.length)
  const sizes = entries.map(entry => entry.length)
  if (sizes.some(size => size > 255)) throw new AppError('UPSTREAM_PROTOCOL_ERROR', { message: 'too many slices in a picture' })
  const saiz = writeFullBox('saiz', 0, Buffer.from([0]), count, Buffer.from(sizes))
  const saio = writeFullBox('saio', 0, u32(1), u32(0))
  const senc = writeFullBox('senc', hasSpans ? 2 : 0, count, ...entries)
  return Object.assign(Buffer.concat([saiz, saio, senc]), { saio: saiz.length + 16, senc: saiz.length + saio.length + 16 })
}

function listRuns(bytes: Buffer, { moof, traf, tfhd }: { moof: Box; traf: Box; tfhd: Box }): Run[] {
  const flags = bytes.readUInt32BE(tfhd.body) & 0xffffff
  if (flags & 0x1) throw new AppError('UPSTREAM_PROTOCOL_ERROR', { message: 'offsets from the start of the file' })
  const skipped = (flags & 0x2 ? 4 : 0) + (flags & 0x8 ? 4 : 0)
  const fixedSize = flags & 0x10 ? bytes.readUInt32BE(tfhd.body + 8 + skipped) : 0
  let next = moof.end + 8
  return listBoxes(bytes, traf.body, traf.end)
    .filter(({ type }) => type === 'trun')
    .map(trun => {
      const run = readRun(bytes, trun, { base: moof.start, next, fixedSize })
      next = run.start + run.sizes.reduce((sum, size) => sum + size, 0)
      return run
    })
}

function readRun(bytes: Buffer, trun: Box, known: { base: number; next: number; fixedSize: number }): Run {
  const flags = bytes.readUInt32BE(trun.body) & 0xffffff
  const count = bytes.readUInt32BE(trun.body + 4)
  let at = trun.body + 8
  let start = known.next
  if (flags & has.dataOffset) {
    start = known.base + bytes.readInt32BE(at)
    at += 4
  }
  if (flags & has.firstFlags) at += 4
  const stride = [has.duration, has.size, has.flags, has.composition].filter(flag => flags & flag).length * 4
  const sizeAt = flags & has.duration ? 4 : 0
  const sizes = Array.from({ length: count }, (_, index) =>
    flags & has.size ? bytes.readUInt32BE(at + index * stride + sizeAt) : known.fixedSize,
  )
  return { start, sizes }
}

/** The samples lie further from the moof's beginning once it has grown. */
function moveData(traf: Buffer, grown: number): void {
  if (traf.toString('latin1', 4, 8) !== 'traf') return
  for (const trun of listBoxes(traf, 8).filter(({ type }) => type === 'trun')) {
    const flags = traf.readUInt32BE(trun.body) & 0xffffff
    if (flags & has.dataOffset) traf.writeInt32BE(traf.readInt32BE(trun.body + 8) + grown, trun.body + 8)
  }
}
