import { crc32Mpeg } from './crc32-mpeg'

export type VideoCodec = 'h264' | 'hevc' | 'mpeg2video' | 'av1' | 'mpeg4'
export type AudioCodec = 'aac' | 'aac-latm' | 'mp2' | 'ac3' | 'eac3' | 'opus'

export interface ElementaryStream {
  pid: number
  kind: 'video' | 'audio' | 'other'
  codec: VideoCodec | AudioCodec | null
  language: string | null
  /** Subtitles in it; null for everything else. */
  text: TextStream | null
}

export interface TextStream {
  codec: 'dvb_subtitle' | 'dvb_teletext' | 'hdmv_pgs_subtitle'
  /** One stream may carry the subtitles of several languages. `page` tells them apart: composition and ancillary page, or 3 digits. */
  services: { language: string | null; page: number; isForDeaf: boolean }[]
}

export interface ProgramMap {
  pcrPid: number
  streams: ElementaryStream[]
}

const byStreamType: Record<number, [ElementaryStream['kind'], VideoCodec | AudioCodec]> = {
  1: ['video', 'mpeg2video'],
  2: ['video', 'mpeg2video'],
  16: ['video', 'mpeg4'],
  27: ['video', 'h264'],
  36: ['video', 'hevc'],
  3: ['audio', 'mp2'],
  4: ['audio', 'mp2'],
  15: ['audio', 'aac'],
  17: ['audio', 'aac-latm'],
  129: ['audio', 'ac3'],
  135: ['audio', 'eac3'],
}

const byRegistration: Record<string, [ElementaryStream['kind'], VideoCodec | AudioCodec]> = {
  'AC-3': ['audio', 'ac3'],
  EAC3: ['audio', 'eac3'],
  Opus: ['audio', 'opus'],
  HEVC: ['video', 'hevc'],
  AV01: ['video', 'av1'],
}

/** Collects the sections of one PID, which may span packets. */
export class SectionReader {
  #bytes: Buffer[] = []
  #packets: Buffer[] = []
  #length = 0

  /** The section that this packet completes with the packets that carried it; null while incomplete or broken. */
  push(packet: Buffer, payload: Buffer, startsUnit: boolean): { section: Buffer; packets: Buffer[] } | null {
    if (startsUnit) {
      const pointer = payload[0] ?? 0
      this.#bytes = [payload.subarray(1 + pointer)]
      this.#packets = [packet]
      this.#length = payload.length - 1 - pointer
    } else if (this.#packets.length > 0 && this.#packets.length < 8) {
      this.#bytes.push(payload)
      this.#packets.push(packet)
      this.#length += payload.length
    } else return null
    if (this.#length < 3) return null
    const bytes = Buffer.concat(this.#bytes)
    const size = 3 + (bytes.readUInt16BE(1) & 0x0fff)
    if (bytes.length < size) return null
    const section = bytes.subarray(0, size)
    const packets = this.#packets.map(each => Buffer.from(each))
    this.#packets = []
    return size >= 12 && crc32Mpeg(section) === 0 ? { section, packets } : null
  }
}

/** The PID of the first program's map, or null when the table lists none. */
export function parseProgramAssociation(section: Buffer): number | null {
  if (section[0] !== 0x00) return null
  for (let at = 8; at + 4 <= section.length - 4; at += 4) {
    if (section.readUInt16BE(at) !== 0) return section.readUInt16BE(at + 2) & 0x1fff
  }
  return null
}

export function parseProgramMap(section: Buffer): ProgramMap | null {
  if (section[0] !== 0x02) return null
  const streams = readMapEntries(section).map(({ bytes: _, ...stream }) => stream)
  return { pcrPid: section.readUInt16BE(8) & 0x1fff, streams }
}

/** A stream of a program map with the bytes that name it there. */
export interface MapEntry extends ElementaryStream {
  bytes: Buffer
}

export function readMapEntries(section: Buffer): MapEntry[] {
  const end = section.length - 4
  const entries: MapEntry[] = []
  let at = 12 + (section.readUInt16BE(10) & 0x0fff)
  while (at + 5 <= end) {
    const length = section.readUInt16BE(at + 3) & 0x0fff
    const bytes = section.subarray(at, Math.min(at + 5 + length, end))
    const stream = describeStream(section[at] ?? 0, section.readUInt16BE(at + 1) & 0x1fff, bytes.subarray(5))
    entries.push({ ...stream, bytes })
    at += 5 + length
  }
  return entries
}

function describeStream(type: number, pid: number, descriptors: Buffer): ElementaryStream {
  let language: string | null = null
  let found = byStreamType[type]
  let text: TextStream | null = type === 0x90 ? { codec: 'hdmv_pgs_subtitle', services: [unnamed] } : null
  for (const { tag, body } of listDescriptors(descriptors)) {
    if (tag === 0x0a && body.length >= 3) language = body.toString('latin1', 0, 3).toLowerCase()
    if (tag === 0x59 || tag === 0x56) text = readServices(tag, body)
    if (found !== undefined) continue
    if (tag === 0x6a) found = ['audio', 'ac3']
    if (tag === 0x7a) found = ['audio', 'eac3']
    if (tag === 0x05) found = byRegistration[body.toString('latin1', 0, 4)]
  }
  const [kind, codec] = found ?? ['other', null]
  if (text?.services[0] === unnamed) text = { ...text, services: [{ ...unnamed, language }] }
  return { pid, kind, codec, language, text: kind === 'other' ? text : null }
}

const unnamed = { language: null, page: 0, isForDeaf: false }

/** The subtitling and the teletext descriptor of DVB. Null when the pages of a teletext are no subtitles. */
function readServices(tag: number, body: Buffer): TextStream | null {
  const services: TextStream['services'] = []
  const isTeletext = tag === 0x56
  const size = isTeletext ? 5 : 8
  for (let at = 0; at + size <= body.length; at += size) {
    const named = body.toString('latin1', at, at + 3).toLowerCase()
    const language = named === 'und' ? null : named
    const kind = body[at + 3] ?? 0
    if (!isTeletext) services.push({ language, page: body.readUInt32BE(at + 4), isForDeaf: kind >= 0x20 && kind < 0x30 })
    // Subtitles, and those for people who hear badly.
    else if (kind >> 3 === 2 || kind >> 3 === 5) {
      const [magazine, tens, ones] = [kind & 7 || 8, (body[at + 4] ?? 0) >> 4, (body[at + 4] ?? 0) & 15]
      services.push({ language, page: magazine * 100 + tens * 10 + ones, isForDeaf: kind >> 3 === 5 })
    }
  }
  if (services.length === 0) return null
  return { codec: isTeletext ? 'dvb_teletext' : 'dvb_subtitle', services: services.slice(0, 16) }
}

/** The languages of all pages that an entry names, the ones that are no subtitles too, in their order. */
export function listTextLanguages({ bytes }: Pick<MapEntry, 'bytes'>): string[] {
  return listDescriptors(bytes.subarray(5)).flatMap(({ tag, body }) => {
    if (tag !== 0x56 && tag !== 0x59) return []
    const size = tag === 0x56 ? 5 : 8
    return Array.from({ length: Math.floor(body.length / size) }, (_, at) =>
      body.toString('latin1', at * size, at * size + 3).toLowerCase(),
    )
  })
}

function listDescriptors(bytes: Buffer): { tag: number; body: Buffer }[] {
  const list = []
  for (let at = 0; at + 2 <= bytes.length; ) {
    const length = bytes[at + 1] ?? 0
    list.push({ tag: bytes[at] ?? 0, body: bytes.subarray(at + 2, at + 2 + length) })
    at += 2 + length
  }
  return list
}
