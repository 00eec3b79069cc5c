import { isHdrTransfer } from '../../ts/usability'
import { blankTrack, type FilmTrack } from '../film'
import { matroskaIdOf } from './codec-names'
import { findBox, listBoxes } from './mp4-boxes'
import { readSamples, type Samples } from './mp4-samples'

export interface Mp4Track {
  track: FilmTrack
  samples: Samples
  /** Duration in seconds. */
  duration: number
  /** Ids of tracks that carry this one's chapter titles. */
  chapterTracks: number[]
}

const codecs: Record<string, string> = {
  avc1: 'h264',
  avc3: 'h264',
  hvc1: 'hevc',
  hev1: 'hevc',
  dvh1: 'hevc',
  dvhe: 'hevc',
  vp08: 'vp8',
  vp09: 'vp9',
  av01: 'av1',
  mp4v: 'mpeg4',
  'vc-1': 'vc1',
  mp4a: 'aac',
  'ac-3': 'ac3',
  'ec-3': 'eac3',
  Opus: 'opus',
  fLaC: 'flac',
  dtsc: 'dts',
  dtsh: 'dts',
  dtsl: 'dts',
  alac: 'alac',
  '.mp3': 'mp3',
  mlpa: 'truehd',
  tx3g: 'mov_text',
  text: 'mov_text',
  wvtt: 'webvtt',
}
/** Kinds of objects that `mp4v` and `mp4a` stand for. */
const objects: Record<number, string> = {
  32: 'mpeg4',
  96: 'mpeg2video',
  97: 'mpeg2video',
  106: 'mpeg1video',
  64: 'aac',
  102: 'aac',
  103: 'aac',
  104: 'aac',
  105: 'mp3',
  107: 'mp3',
  165: 'ac3',
  166: 'eac3',
  169: 'dts',
}
const kinds: Record<string, FilmTrack['kind']> = {
  vide: 'video',
  soun: 'audio',
  sbtl: 'subtitle',
  subt: 'subtitle',
  text: 'subtitle',
}

/** Reads one track of a movie; null for what is neither picture, sound nor text, or has no usable table. */
export function readMp4Track(trak: Buffer, movieScale: number): Mp4Track | null {
  const tkhd = findBox(trak, 'tkhd')
  const mdhd = findBox(trak, 'mdia', 'mdhd')
  const kind = kinds[findBox(trak, 'mdia', 'hdlr')?.toString('latin1', 8, 12) ?? '']
  const stbl = findBox(trak, 'mdia', 'minf', 'stbl')
  if (tkhd === null || mdhd === null || kind === undefined || stbl === null) return null
  const isLong = mdhd[0] === 1
  const timescale = mdhd.readUInt32BE(isLong ? 20 : 12)
  if (timescale === 0) return null
  const samples = readSamples(stbl, timescale, readShift(findBox(trak, 'edts', 'elst'), timescale / movieScale))
  const entry = listBoxes((findBox(stbl, 'stsd') ?? Buffer.alloc(0)).subarray(8))[0]
  if (samples === null || entry === undefined) return null
  const language = readLanguage(mdhd.readUInt16BE(isLong ? 32 : 20))
  const described = describeEntry(kind, entry)
  const track: FilmTrack = {
    ...blankTrack,
    ...described,
    id: tkhd.readUInt32BE(tkhd[0] === 1 ? 20 : 12),
    kind,
    language,
    title: readTitle(trak),
    isDefault: ((tkhd[3] ?? 0) & 1) === 1,
    rotation: kind === 'video' ? readRotation(tkhd) : 0,
  }
  const first = samples.count > 1 ? (samples.decoded[samples.count - 1] as number) - (samples.decoded[0] as number) : 0
  if (kind === 'video' && first > 0) track.frameRate = (samples.count - 1) / first
  const duration =
    samples.count === 0 ? 0 : (samples.decoded[samples.count - 1] as number) + (first > 0 ? first / (samples.count - 1) : 0)
  return { track, samples, duration, chapterTracks: readReferences(findBox(trak, 'tref', 'chap')) }
}

function describeEntry(
  kind: FilmTrack['kind'],
  entry: { type: string; body: Buffer },
): Pick<FilmTrack, 'codec' | 'matroska'> & Partial<FilmTrack> {
  const { type, body } = entry
  const named = codecs[type] ?? 'unknown'
  if (kind === 'subtitle') return { codec: named, matroska: { id: 'S_TEXT/UTF8', config: null } }
  const inside = kind === 'video' ? body.subarray(78) : soundBoxes(body)
  const object = readDescriptor(findBox(inside, 'esds') ?? findBox(inside, 'wave', 'esds'))
  const codec = object === null ? named : (objects[object.type] ?? named)
  const config =
    findBox(inside, 'avcC') ?? findBox(inside, 'hvcC') ?? findBox(inside, 'av1C') ?? object?.config ?? privateOf(codec, inside)
  const kept = config === null ? null : Buffer.from(config)
  const matroska = { id: matroskaIdOf(codec) ?? 'unknown', config: kept }
  if (kind === 'audio') {
    return { codec, matroska, channels: body.readUInt16BE(16), sampleRate: body.readUInt32BE(24) / 65_536 }
  }
  const [width, height] = [body.readUInt16BE(24), body.readUInt16BE(26)]
  const pasp = findBox(inside, 'pasp')
  const ratio = pasp !== null && pasp.length >= 8 && pasp.readUInt32BE(4) > 0 ? pasp.readUInt32BE(0) / pasp.readUInt32BE(4) : 1
  const colr = findBox(inside, 'colr')
  const transfer = colr?.toString('latin1', 0, 3) === 'ncl' ? colr.readUInt16BE(6) : null
  return {
    codec,
    matroska,
    width,
    height,
    displayWidth: Math.round(width * ratio),
    isHdr: isHdrTransfer(transfer),
  }
}

/** QuickTime's newer sound entries have more fields before their boxes. */
function soundBoxes(body: Buffer): Buffer {
  const version = body.readUInt16BE(8)
  return body.subarray(version === 1 ? 44 : version === 2 ? 64 : 28)
}

function privateOf(codec: string, inside: Buffer): Buffer | null {
  if (codec === 'opus') {
    const box = findBox(inside, 'dOps')
    if (box === null || box.length < 11) return null
    const head = Buffer.alloc(19)
    head.write('OpusHead', 'latin1')
    head[8] = 1
    head[9] = box[1] ?? 2
    head.writeUInt16LE(box.readUInt16BE(2), 10)
    head.writeUInt32LE(box.readUInt32BE(4), 12)
    return head
  }
  if (codec !== 'flac') return null
  const box = findBox(inside, 'dfLa')
  return box === null ? null : Buffer.concat([Buffer.from('fLaC'), box.subarray(4)])
}

/** The kind of object and its private data in an elementary stream descriptor. */
function readDescriptor(esds: Buffer | null): { type: number; config: Buffer | null } | null {
  if (esds === null) return null
  let at = 4
  let type: number | null = null
  while (at + 2 < esds.length) {
    const tag = esds[at++]
    let size = 0
    for (let n = 0; n < 4; n++) {
      const byte = esds[at++] ?? 0
      size = size * 128 + (byte & 0x7f)
      if (byte < 0x80) break
    }
    if (tag === 3) at += 3 + ((esds[at + 2] ?? 0) & 0x80 ? 2 : 0)
    else if (tag === 4) {
      type = esds[at] ?? 0
      at += 13
    } else if (tag === 5 && type !== null) return { type, config: esds.subarray(at, at + size) }
    else at += size
  }
  return type === null ? null : { type, config: null }
}

/** How far the list of edits moves the track, in its own unit. */
function readShift(elst: Buffer | null, ratio: number): number {
  if (elst === null || elst.length < 8) return 0
  const isLong = elst[0] === 1
  const count = Math.min(elst.readUInt32BE(4), 16)
  let empty = 0
  for (let index = 0; index < count; index++) {
    const at = 8 + index * (isLong ? 20 : 12)
    if (at + (isLong ? 20 : 12) > elst.length) break
    const length = isLong ? Number(elst.readBigUInt64BE(at)) : elst.readUInt32BE(at)
    const begin = isLong ? Number(elst.readBigInt64BE(at + 8)) : elst.readInt32BE(at + 4)
    if (begin >= 0) return empty * ratio - begin
    empty += length
  }
  return empty * ratio
}

function readLanguage(packed: number): string | null {
  const text = [10, 5, 0].map(shift => String.fromCharCode(((packed >> shift) & 0x1f) + 0x60)).join('')
  return packed < 0x400 || text === 'und' || !/^[a-z]{3}$/.test(text) ? null : text
}

/** The matrix of the track, of which only quarter turns are meant to happen. */
function readRotation(tkhd: Buffer): number {
  const at = tkhd[0] === 1 ? 52 : 40
  if (tkhd.length < at + 20) return 0
  const [a, b] = [tkhd.readInt32BE(at), tkhd.readInt32BE(at + 4)]
  return (((Math.round(Math.atan2(b, a) / (Math.PI / 2)) * 90) % 360) + 360) % 360
}

function readTitle(trak: Buffer): string | null {
  const name =
    findBox(trak, 'udta', 'name')?.toString('utf8') ?? findBox(trak, 'mdia', 'hdlr')?.toString('utf8', 24).replace(/\0.*$/, '')
  return name === undefined || name === '' || /handler/i.test(name) ? null : name
}

function readReferences(chap: Buffer | null): number[] {
  if (chap === null) return []
  return Array.from({ length: Math.floor(chap.length / 4) }, (_, index) => chap.readUInt32BE(index * 4))
}
