import { inspectAccessUnit } from '../../ts/access-unit'
import { PACKET_SIZE, PacketAligner } from '../../ts/packet-aligner'
import { parsePesHeader, TICKS_PER_SECOND, WRAP } from '../../ts/pes'
import { type ElementaryStream, parseProgramAssociation, parseProgramMap, SectionReader } from '../../ts/psi'
import type { FilmPacket } from '../film'
import { splitUnits, toLengthPrefixed } from './annex-b'
import { splitAdts, splitMpegAudio } from './audio-frames'
import { M2tsReader } from './m2ts'

/** One picture larger than this is none. */
const MAX_UNIT = 16 * 2 ** 20

interface Unit {
  stream: ElementaryStream
  parts: Buffer[]
  bytes: number
}

/** A unit as the stream carries it. */
export interface RawUnit {
  stream: ElementaryStream
  /** Ticks of 90 kHz as they stand in the stream; null when the unit has none. */
  pts: number | null
  isKey: boolean
  data: Buffer
}

/** Puts the packets of a transport stream together to pictures and sound. */
export class TsDemuxer {
  streams: ElementaryStream[] = []
  readonly #aligner = new PacketAligner()
  readonly #association = new SectionReader()
  #map = new SectionReader()
  #mapPid: number | null = null
  readonly #open = new Map<number, Unit>()
  readonly #done: RawUnit[] = []

  readonly #m2ts: M2tsReader | null

  /** `streams` when they are known from before: then no table has to come first. `isM2ts`: do packets have arrival times? */
  constructor(streams: ElementaryStream[] = [], isM2ts = false) {
    this.streams = streams
    this.#m2ts = isM2ts ? new M2tsReader() : null
  }

  push(chunk: Buffer): RawUnit[] {
    const run = this.#aligner.push(this.#m2ts?.push(chunk) ?? chunk)
    for (let at = 0; at < run.length; at += PACKET_SIZE) this.#packet(run.subarray(at, at + PACKET_SIZE))
    return this.#done.splice(0)
  }

  flush(): RawUnit[] {
    for (const pid of [...this.#open.keys()]) this.#close(pid)
    return this.#done.splice(0)
  }

  #packet(bytes: Buffer): void {
    const second = bytes[1] ?? 0
    const fourth = bytes[3] ?? 0
    if (second & 0x80 || !(fourth & 0x10)) return
    const pid = ((second & 0x1f) << 8) | (bytes[2] ?? 0)
    const startsUnit = (second & 0x40) !== 0
    const payload = bytes.subarray(fourth & 0x20 ? Math.min(5 + (bytes[4] ?? 0), PACKET_SIZE) : 4)
    if (pid === 0 || pid === this.#mapPid) {
      this.#table({ pid, bytes, payload, startsUnit })
      return
    }
    if (startsUnit) {
      this.#close(pid)
      const stream = this.streams.find(each => each.pid === pid && isRead(each))
      if (stream !== undefined) this.#open.set(pid, { stream, parts: [payload], bytes: payload.length })
      if (stream?.text) this.#closeWhole(pid)
      return
    }
    const unit = this.#open.get(pid)
    if (unit === undefined) return
    unit.parts.push(payload)
    unit.bytes += payload.length
    if (unit.bytes > MAX_UNIT) this.#open.delete(pid)
    if (unit.stream.text) this.#closeWhole(pid)
  }

  /** Subtitles are far apart: nobody can wait for the next to know that one has ended. They all say how long they are. */
  #closeWhole(pid: number): void {
    const unit = this.#open.get(pid)
    const [first] = unit?.parts ?? []
    const length = first !== undefined && first.length >= 6 ? first.readUInt16BE(4) : 0
    if (unit !== undefined && length > 0 && unit.bytes >= 6 + length) this.#close(pid)
  }

  #table(part: { pid: number; bytes: Buffer; payload: Buffer; startsUnit: boolean }): void {
    const found = (part.pid === 0 ? this.#association : this.#map).push(part.bytes, part.payload, part.startsUnit)
    if (found === null) return
    if (part.pid === 0) {
      const mapPid = parseProgramAssociation(found.section)
      if (mapPid !== this.#mapPid) this.#map = new SectionReader()
      this.#mapPid = mapPid
    } else if (this.streams.length === 0) this.streams = parseProgramMap(found.section)?.streams ?? []
  }

  #close(pid: number): void {
    const unit = this.#open.get(pid)
    this.#open.delete(pid)
    if (unit === undefined) return
    const bytes = Buffer.concat(unit.parts)
    const header = parsePesHeader(bytes)
    if (header === null) return
    const data = bytes.subarray(header.dataOffset)
    const { stream } = unit
    const isKey = stream.kind !== 'video' || inspectAccessUnit(stream.codec as 'h264', data)?.isKey === true
    this.#done.push({ stream, pts: header.pts, isKey, data })
  }
}

/** Pictures, sound and subtitles. */
export const isRead = ({ kind, text }: ElementaryStream): boolean => kind !== 'other' || text !== null

/** Seconds between two stamps of the 33-bit clock, across its wrap. */
export function secondsBetween(base: number, pts: number): number {
  const ticks = (((pts - base) % WRAP) + WRAP) % WRAP
  return (ticks > WRAP / 2 ? ticks - WRAP : ticks) / TICKS_PER_SECOND
}

/** Turns units into packets as MP4 and Matroska know them: whole frames with times of their own. */
export class UnitReader {
  readonly #base: number
  readonly #rests = new Map<number, { rest: Buffer; next: number }>()

  /** `base` is the stamp of the film's beginning. */
  constructor(base: number) {
    this.#base = base
  }

  read({ stream, pts, isKey, data }: RawUnit): FilmPacket[] {
    const seconds = pts === null ? null : secondsBetween(this.#base, pts)
    const track = stream.pid
    const { codec } = stream
    if (codec === 'h264' || codec === 'hevc') {
      return seconds === null
        ? []
        : [{ track, pts: seconds, duration: null, isKey, data: toLengthPrefixed(codec, splitUnits(data)) }]
    }
    if (codec === 'aac' || codec === 'mp2') return this.#frames(stream, seconds, data)
    return seconds === null ? [] : [{ track, pts: seconds, duration: null, isKey, data }]
  }

  #frames({ pid, codec }: ElementaryStream, seconds: number | null, data: Buffer): FilmPacket[] {
    const before = this.#rests.get(pid)
    const hasRest = before !== undefined && before.rest.length > 0
    let next = hasRest ? before.next : seconds
    if (next === null) return []
    const bytes = hasRest ? Buffer.concat([before.rest, data]) : data
    const { frames, rest } = codec === 'aac' ? splitAdts(bytes) : splitMpegAudio(bytes)
    const packets: FilmPacket[] = []
    for (const [index, frame] of frames.entries()) {
      // The stamp belongs to the first frame that begins in this unit.
      if (seconds !== null && index === (hasRest ? 1 : 0)) next = seconds
      packets.push({ track: pid, pts: next, duration: frame.seconds, isKey: true, data: frame.data })
      next += frame.seconds
    }
    this.#rests.set(pid, { rest: Buffer.from(rest), next })
    return packets
  }
}
