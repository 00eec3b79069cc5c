import { type CaptionKind, mergeCaptions } from '../captions'
import { inspectAccessUnit } from './access-unit'
import { type AudioFacts, describeAudio, describeVideo, type VideoFacts } from './codec-strings'
import { Continuity } from './continuity'
import { GroupWatch } from './group-watch'
import { PACKET_SIZE, PacketAligner, payloadOf } from './packet-aligner'
import { parsePesHeader, TimestampUnwrapper } from './pes'
import {
  type AudioCodec,
  type ElementaryStream,
  parseProgramAssociation,
  parseProgramMap,
  SectionReader,
  type VideoCodec,
} from './psi'

/** Bytes of an access unit looked at before giving up on finding its first slice. */
const MAX_HEAD_BYTES = 32_768
/** Packets held back for a frame that does not go on: more than a whole picture of the richest broadcast. */
const MAX_HELD_PACKETS = 2_000

export interface Frame {
  isKey: boolean
  /** Unwrapped 90 kHz ticks. */
  pts: number
  dts: number
}

export interface TsPacket {
  /** One packet; in the middle of a picture also several that follow each other, which carry nothing but payload. */
  bytes: Buffer
  pid: number
  role: 'table' | 'video' | 'audio' | 'other'
  /** Does a PES packet or section begin here? */
  startsUnit: boolean
  /** Set on the first packet of each video frame, and in radio streams of each audio PES packet. */
  frame: Frame | null
}

/** Subtitles in packets of their own: a page of teletext, or pictures. */
export interface LiveText {
  codec: 'dvb_teletext' | 'dvb_subtitle'
  pid: number
  /** Of teletext as people write it, 888; of pictures the composition and the ancillary page. */
  page: number
  language: string | null
  isForDeaf: boolean
}

export interface TsProgram {
  video: (VideoFacts & { pid: number }) | null
  audio: ({ pid: number; language: string | null } & AudioFacts)[]
  /** Pictures in the order of the map; an encode of ours has several. */
  pictures: number
  /** The packets of the last association and map, ready to stand before any cut. */
  tables: Buffer
  /** Parameter sets of the video as last seen, without start codes. */
  parameterSets: Buffer[]
  isScrambled: boolean
  /** Captions that have been seen in the picture. */
  captions: CaptionKind | null
  texts: LiveText[]
}

export interface TsSink {
  onPacket(packet: TsPacket): void
  /** The program's streams are other ones than before: what follows does not continue what came. */
  onProgramChange(): void
}

/**
 * Reads a transport stream as it comes and names every packet: which stream it belongs to, where frames begin, which of
 * them are key frames. Packets of a frame are held back until its kind is known, a few packets later.
 */
export class TsScanner {
  readonly aligner = new PacketAligner()
  readonly continuity = new Continuity()
  program: TsProgram | null = null
  readonly #sink: TsSink
  readonly #associationReader = new SectionReader()
  #mapReader = new SectionReader()
  #mapPid: number | null = null
  #associationPackets: Buffer[] = []
  #signature = ''
  #streams = new Map<number, ElementaryStream>()
  #framePid: number | null = null
  readonly #clock = new TimestampUnwrapper()
  #held: TsPacket[] = []
  #groups = new GroupWatch()
  #head: Buffer[] = []
  #headBytes = 0

  constructor(sink: TsSink) {
    this.#sink = sink
  }

  push(chunk: Buffer): void {
    const run = this.aligner.push(chunk)
    let at = 0
    while (at < run.length) {
      const end = this.#endOfMiddle(run, at)
      if (end > at) this.#passOn(run.subarray(at, end))
      else this.#readPacket(run.subarray(at, at + PACKET_SIZE))
      at = Math.max(end, at + PACKET_SIZE)
    }
  }

  /**
   * Where the packets end that only go on with a picture whose kind is known. They are most of a stream, and nothing in them needs to be
   * looked at: an object for each would be most of the work.
   */
  #endOfMiddle(run: Buffer, from: number): number {
    if (this.#framePid === null || this.program?.video == null || this.#held.length > 0) return from
    const [high, low] = [this.#framePid >> 8, this.#framePid & 0xff]
    let at = from
    while (at < run.length) {
      const fourth = run[at + 3] ?? 0
      // Neither given up by the receiver nor the beginning of anything; nothing but payload, without a clock, not scrambled.
      if (((run[at + 1] ?? 0) & 0xdf) !== high || run[at + 2] !== low || (fourth & 0xf0) !== 0x10) break
      this.continuity.count(this.#framePid, fourth)
      at += PACKET_SIZE
    }
    return at
  }

  #passOn(bytes: Buffer): void {
    this.#sink.onPacket({ bytes, pid: this.#framePid ?? 0, role: 'video', startsUnit: false, frame: null })
  }

  #readPacket(bytes: Buffer): void {
    const second = bytes[1] ?? 0
    const fourth = bytes[3] ?? 0
    const pid = ((second & 0x1f) << 8) | (bytes[2] ?? 0)
    // A set error bit means that the receiver already gave this packet up.
    if (second & 0x80) return
    const startsUnit = (second & 0x40) !== 0
    const hasPayload = (fourth & 0x10) !== 0
    if (hasPayload) this.continuity.count(pid, fourth)
    const payload = hasPayload ? payloadOf(bytes) : bytes.subarray(0, 0)
    if (pid === 0 || pid === this.#mapPid) {
      this.#readTable({ pid, bytes, payload, startsUnit })
      this.#emit({ bytes, pid, role: 'table', startsUnit, frame: null })
      return
    }
    const stream = this.#streams.get(pid)
    if (stream === undefined || this.program === null) return
    if (fourth & 0xc0) this.program.isScrambled = true
    const packet: TsPacket = { bytes, pid, role: stream.kind, startsUnit, frame: null }
    if (stream.kind === 'audio' && startsUnit) this.#describeAudio(pid, payload)
    if (pid !== this.#framePid) this.#emit(packet)
    else if (stream.kind === 'video') this.#readVideo(packet, payload)
    else this.#readRadio(packet, payload)
  }

  #readTable(part: { pid: number; bytes: Buffer; payload: Buffer; startsUnit: boolean }): void {
    const reader = part.pid === 0 ? this.#associationReader : this.#mapReader
    const found = reader.push(part.bytes, part.payload, part.startsUnit)
    if (found === null) return
    if (part.pid === 0) {
      const mapPid = parseProgramAssociation(found.section)
      this.#associationPackets = found.packets
      if (mapPid !== null && mapPid !== this.#mapPid) {
        this.#mapPid = mapPid
        this.#mapReader = new SectionReader()
      }
      return
    }
    const map = parseProgramMap(found.section)
    if (map !== null) this.#setProgram(map.streams, found.packets)
  }

  #setProgram(streams: ElementaryStream[], mapPackets: Buffer[]): void {
    const tables = Buffer.concat([...this.#associationPackets, ...mapPackets])
    const signature = streams.map(({ pid, codec }) => `${pid}:${codec}`).join()
    if (signature === this.#signature && this.program !== null) {
      this.program.tables = tables
      this.program.texts = textsOf(streams)
      return
    }
    const isFirst = this.program === null
    this.#groups = new GroupWatch()
    this.#releaseHeld({ isKey: false })
    this.#signature = signature
    this.#streams = new Map(streams.map(stream => [stream.pid, stream]))
    const video = streams.find(stream => stream.kind === 'video')
    const audio = streams.filter(stream => stream.kind === 'audio')
    this.#framePid = (video ?? audio[0])?.pid ?? null
    this.program = {
      video: video === undefined ? null : { pid: video.pid, ...describeVideo(video.codec as VideoCodec, []) },
      audio: audio.map(({ pid, codec, language }) => ({ pid, codec: codec as AudioCodec, codecString: null, language })),
      pictures: streams.filter(stream => stream.kind === 'video').length,
      tables,
      parameterSets: [],
      isScrambled: false,
      captions: null,
      texts: textsOf(streams),
    }
    if (!isFirst) this.#sink.onProgramChange()
  }

  #readVideo(packet: TsPacket, payload: Buffer): void {
    if (packet.startsUnit) {
      this.#releaseHeld({ isKey: false })
      const header = parsePesHeader(payload)
      if (header === null || header.pts === null || header.dts === null) {
        this.#sink.onPacket(packet)
        return
      }
      const dts = this.#clock.unwrap(header.dts)
      packet.frame = { isKey: false, dts, pts: dts + presentationDelay(header.pts, header.dts) }
      this.#held = [packet]
      this.#addHead(payload.subarray(header.dataOffset))
      return
    }
    if (this.#held.length === 0) {
      this.#sink.onPacket(packet)
      return
    }
    this.#held.push(packet)
    this.#addHead(payload)
  }

  #addHead(bytes: Buffer): void {
    const codec = this.program?.video?.codec
    if (codec === undefined || this.program === null) return
    this.#head.push(bytes)
    this.#headBytes += bytes.length
    const unit = inspectAccessUnit(codec, Buffer.concat(this.#head))
    if (unit === null) {
      if (this.#headBytes > MAX_HEAD_BYTES) this.#releaseHeld({ isKey: false })
      return
    }
    this.program.captions = mergeCaptions(this.program.captions, unit.captions ?? null)
    if (unit.parameterSets.length > 0) this.#learnParameters(codec, unit.parameterSets)
    if (unit.isKey && codec === 'h264' && this.program.video) this.program.video.openGroups = this.#groups.see(!!unit.isOpen)
    this.#releaseHeld(unit)
  }

  #learnParameters(codec: VideoCodec, sets: Buffer[]): void {
    if (this.program?.video == null) return
    const isSame =
      sets.length === this.program.parameterSets.length && sets.every((set, at) => this.program?.parameterSets[at]?.equals(set))
    if (isSame) return
    this.program.parameterSets = sets.map(set => Buffer.from(set))
    this.program.video = { pid: this.program.video.pid, ...describeVideo(codec, sets) }
  }

  #readRadio(packet: TsPacket, payload: Buffer): void {
    const header = packet.startsUnit ? parsePesHeader(payload) : null
    if (header !== null && header.pts !== null) {
      const pts = this.#clock.unwrap(header.pts)
      packet.frame = { isKey: true, pts, dts: pts }
    }
    this.#sink.onPacket(packet)
  }

  #describeAudio(pid: number, payload: Buffer): void {
    const track = this.program?.audio.find(each => each.pid === pid)
    if (track === undefined || track.codecString !== null) return
    const header = parsePesHeader(payload)
    if (header !== null) Object.assign(track, describeAudio(track.codec as AudioCodec, payload.subarray(header.dataOffset)))
  }

  #emit(packet: TsPacket): void {
    if (this.#held.length === 0) {
      this.#sink.onPacket(packet)
      return
    }
    this.#held.push(packet)
    if (this.#held.length >= MAX_HELD_PACKETS) this.#releaseHeld({ isKey: false })
  }

  #releaseHeld(verdict: { isKey: boolean }): void {
    const [first] = this.#held
    if (first?.frame) first.frame.isKey = verdict.isKey
    const held = this.#held
    this.#held = []
    this.#head = []
    this.#headBytes = 0
    for (const packet of held) this.#sink.onPacket(packet)
  }
}

/** One digit names each in an address. */
const MAX_TEXTS = 10

const textsOf = (streams: readonly ElementaryStream[]): LiveText[] =>
  streams
    .flatMap(({ pid, text }) => {
      if (text === null || text.codec === 'hdmv_pgs_subtitle') return []
      const { codec } = text
      return text.services.map(({ page, language, isForDeaf }) => ({ codec, pid, page, language, isForDeaf }))
    })
    .slice(0, MAX_TEXTS)

/** PTS minus DTS in ticks, across the wrap of the 33-bit clock. */
function presentationDelay(pts: number, dts: number): number {
  const delay = (pts - dts + 2 ** 33) % 2 ** 33
  return delay > 2 ** 32 ? 0 : delay
}
