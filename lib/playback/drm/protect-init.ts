import { AppError } from '@/lib/kernel/errors'
import { u32, writeBox, writeFullBox } from '../film/read/mp4-boxes'
import { type Box, findBox, listBoxes, rebuild } from './box-places'

/** Bytes of a sample entry before its own boxes (ISO 14496-12: VisualSampleEntry, AudioSampleEntry). */
const ENTRY_BYTES = { video: 78, audio: 28 } as const
/** System id of the common PSSH box, which names key ids for any system (W3C "cenc" initialisation data). */
const COMMON_SYSTEM = Buffer.from('1077efecc0b24d02ace33c1e52e2fb4b', 'hex')
/** Per sample, in the segments (protect-segment). */
export const IV_BYTES = 8

/** What a segment's encryption has to know of its track. */
export interface ProtectedTrack {
  id: number
  kind: 'video' | 'audio'
  /** Bytes of the length before each NAL unit; null where the video has none (AV1, VP9: encrypted whole). */
  nalLengthBytes: number | null
}

const videoEntries = new Set(['avc1', 'avc3', 'hvc1', 'hev1', 'av01', 'vp09', 'mp4v'])
const audioEntries = new Set(['mp4a', 'ac-3', 'ec-3', 'Opus', 'fLaC'])

/**
 * An initialisation segment that says: encrypted under Common Encryption, scheme `cenc` (ISO 23001-7), with this key id (16 bytes in
 * hexadecimal). Throws UPSTREAM_PROTOCOL_ERROR for what has no track that can be protected.
 */
export function protectInit(init: Buffer, keyId: string): { init: Buffer; tracks: ProtectedTrack[] } {
  const moov = findBox(init, 'moov')
  if (moov === null) throw new AppError('UPSTREAM_PROTOCOL_ERROR', { message: 'no moov' })
  const kid = Buffer.from(keyId, 'hex')
  const tracks: ProtectedTrack[] = []
  const rebuilt = rebuild(init, moov, box => (box.type === 'trak' ? protectTrack(init, box, { kid, tracks }) : copy(init, box)))
  if (tracks.length === 0) throw new AppError('UPSTREAM_PROTOCOL_ERROR', { message: 'no track to protect' })
  const whole = writeBox('moov', rebuilt.subarray(8), commonPssh(kid))
  return { init: Buffer.concat([init.subarray(0, moov.start), whole, init.subarray(moov.end)]), tracks }
}

/** Names a key id to whatever system reads it. */
export const commonPssh = (kid: Buffer): Buffer => writeFullBox('pssh', 0x1000000, COMMON_SYSTEM, u32(1), kid, u32(0))

const copy = (bytes: Buffer, box: Box) => bytes.subarray(box.start, box.end)

function protectTrack(bytes: Buffer, trak: Box, found: { kid: Buffer; tracks: ProtectedTrack[] }): Buffer {
  const id = trackId(bytes, trak)
  const descend = (box: Box, path: readonly string[]): Buffer => {
    const [next, ...rest] = path
    if (next === undefined) return protectEntries(bytes, box, { ...found, id })
    return rebuild(bytes, box, child => (child.type === next ? descend(child, rest) : copy(bytes, child)))
  }
  return descend(trak, ['mdia', 'minf', 'stbl', 'stsd'])
}

function trackId(bytes: Buffer, trak: Box): number {
  const tkhd = findBox(bytes, 'tkhd', trak)
  if (tkhd === null) throw new AppError('UPSTREAM_PROTOCOL_ERROR', { message: 'no tkhd' })
  return bytes.readUInt32BE(tkhd.body + (bytes[tkhd.body] === 1 ? 20 : 12))
}

function protectEntries(bytes: Buffer, stsd: Box, found: { kid: Buffer; tracks: ProtectedTrack[]; id: number }): Buffer {
  const head = bytes.subarray(stsd.body, stsd.body + 8)
  const entries = listBoxes(bytes, stsd.body + 8, stsd.end).map(entry => {
    const kind = videoEntries.has(entry.type) ? 'video' : audioEntries.has(entry.type) ? 'audio' : null
    if (kind === null) return copy(bytes, entry)
    const inner = entry.body + ENTRY_BYTES[kind]
    found.tracks.push({ id: found.id, kind, nalLengthBytes: nalLength(bytes, { ...entry, body: inner }) })
    return writeBox(kind === 'video' ? 'encv' : 'enca', bytes.subarray(entry.body, entry.end), protection(entry.type, found.kid))
  })
  return writeBox('stsd', head, ...entries)
}

/** The last two bits of a field in the decoder's own configuration say how long a length is. */
function nalLength(bytes: Buffer, entry: Box): number | null {
  const avc = findBox(bytes, 'avcC', entry)
  if (avc !== null) return ((bytes[avc.body + 4] ?? 3) & 3) + 1
  const hevc = findBox(bytes, 'hvcC', entry)
  return hevc === null ? null : ((bytes[hevc.body + 21] ?? 3) & 3) + 1
}

function protection(format: string, kid: Buffer): Buffer {
  const frma = writeBox('frma', Buffer.from(format, 'latin1'))
  const schm = writeFullBox('schm', 0, Buffer.from('cenc', 'latin1'), u32(0x10000))
  const tenc = writeFullBox('tenc', 0, Buffer.from([0, 0, 1, IV_BYTES]), kid)
  return writeBox('sinf', frma, schm, writeBox('schi', tenc))
}
