import { PacketBatch } from './relay/packet-batch'
import { payloadOf } from './ts/packet-aligner'
import { buildParameterPackets } from './ts/parameter-packets'
import { lengthOfPes, TICKS_PER_SECOND } from './ts/pes'
import type { Frame, TsPacket, TsProgram, TsSink } from './ts/scanner'

export interface Segment {
  sequence: number
  /** Put together when they are asked for. */
  readonly bytes: Buffer
  size: number
  /** Seconds. */
  duration: number
  /** True when this segment does not continue the one before: other clock, other streams, or a gap. */
  isDiscontinuous: boolean
  /** Does it begin with a key frame? */
  isIndependent: boolean
  /** Decoding time of its first frame, in ticks. */
  start: number
  /** Presentation time of the same. */
  shownFrom: number
  /** Seconds of the channel in the segments before, breaks left out. */
  offset: number
}

export interface SegmenterOptions {
  /** Shortest segment in seconds once the stream is warm; cuts come at the first key frame after it. */
  targetSeconds: number
  /** Longest segment in seconds: a stream with rarer key frames is cut between them. */
  maxSeconds: number
  /**
   * Lengths in seconds of the first segments. They are cut at these times whether a key frame is there or not, so that a
   * cold start is short and the playlist can announce them before they exist.
   */
  warmUpSeconds: readonly number[]
  /** Are those told of before they exist? */
  announces: boolean
  /** Bytes after which a segment is cut at the next frame. */
  maxBytes: number
  /** Decides instead of the lengths above whether a frame begins the next segment. */
  isDue?: (frame: Frame, start: Frame) => boolean
}

const times = (count: number, seconds: number): number[] => Array.from({ length: count }, () => seconds)

/**
 * A source that sends no faster than it plays lets a picture go on without a stop only if no segment is longer than what lies ahead.
 * So the first is hardly longer than what a decoder needs, and they grow as slowly as a player gathers time that runs a hair slower
 * (7 % in ours). Each stage ends where the key frames of most channels are.
 */
const growing = [
  ...[...times(2, 0.1), ...times(9, 0.2)],
  ...times(8, 0.25),
  ...times(6, 1 / 3),
  ...times(5, 0.4),
  ...times(8, 0.5),
  ...times(6, 2 / 3),
  ...times(10, 1),
]
/**
 * How many seconds of segments are told of before they exist: enough that no player waits for a playlist, and little, because a
 * source that breaks off makes them untrue.
 */
const ANNOUNCED_SECONDS = 0.8

export interface Upcoming {
  sequence: number
  /** Seconds. */
  duration: number
  isDiscontinuous: boolean
  offset: number
}

export const defaultSegmenterOptions: SegmenterOptions = {
  targetSeconds: 2,
  maxSeconds: 6,
  warmUpSeconds: growing,
  announces: true,
  maxBytes: 16 * 2 ** 20,
}

/** What players of segments repackage; others (MPEG-2) are for apps, who read one stream. */
const repackaged: ReadonlySet<string> = new Set(['h264', 'hevc'])
/** Key frames a hair before the target count as on it: 2 s at 29.97 frames/s are 1.98 s. */
const TOLERANCE_SECONDS = 0.15
/** Half a frame at 25 frames/s. */
const FRAME_SECONDS = 0.02
/** A clock that moves further between two frames, or back, is another clock. */
const MAX_STEP_SECONDS = 5

/**
 * Cuts a stream into HLS segments made of the provider's own packets. Each segment begins with the program tables. The
 * audio packet that is open at a cut moves into the next segment as a whole, so that no player loses half of it.
 */
export class Segmenter implements TsSink {
  readonly #options: SegmenterOptions
  readonly #program: () => TsProgram | null
  readonly #onSegment: (segment: Segment) => void
  readonly #firstSequence: number
  #sequence: number
  #offset = 0
  #warmUp = 0
  #warmUpStart = 0
  /** Seconds of the warm-up that its finished segments should have. */
  #planned = 0
  #parts = new PacketBatch()
  #tableBytes = 0
  #open = new Map<number, { packets: Buffer[]; left: number }>()
  #start: Frame | null = null
  #lastDts = 0
  #isDiscontinuous = false
  #tableCounter = 0

  constructor(source: {
    program: () => TsProgram | null
    onSegment: (segment: Segment) => void
    options?: Partial<SegmenterOptions>
    /** Number of the first segment. */
    firstSequence?: number
  }) {
    this.#options = { ...defaultSegmenterOptions, ...source.options }
    this.#program = source.program
    this.#onSegment = source.onSegment
    this.#firstSequence = source.firstSequence ?? 0
    this.#sequence = this.#firstSequence
  }

  /** The next segments of the warm-up, the one in the making included. */
  upcoming(): Upcoming[] {
    const { announces, warmUpSeconds } = this.#options
    if (this.#start === null || !announces) return []
    const coming: Upcoming[] = []
    let seconds = 0
    for (const duration of warmUpSeconds.slice(this.#warmUp)) {
      if (coming.length > 0 && seconds + duration > ANNOUNCED_SECONDS) break
      const isDiscontinuous = coming.length === 0 && this.#isDiscontinuous
      const offset = this.#offset + seconds
      coming.push({ sequence: this.#sequence + coming.length, duration, isDiscontinuous, offset })
      seconds += duration
    }
    return coming
  }

  onPacket(packet: TsPacket): void {
    // Every segment gets its own copy of the tables, so those in between only cost bytes.
    if (packet.role === 'table') return
    if (packet.frame !== null) this.#onFrame(packet, packet.frame)
    if (this.#start === null) return
    if (packet.role === 'video' || packet.frame !== null) this.#add(packet.bytes)
    else this.#addAtomic(packet)
  }

  onProgramChange(): void {
    this.breakOff()
  }

  /** Ends the current segment where it is; what comes next begins at a key frame, marked as a discontinuity. */
  breakOff(): void {
    if (this.#start !== null) this.#close(this.#lastDts)
    this.#start = null
    this.#open.clear()
    this.#isDiscontinuous = this.#sequence > this.#firstSequence
    this.#warmUp = 0
    this.#planned = 0
  }

  #onFrame(packet: TsPacket, frame: Frame): void {
    if (this.#start !== null) {
      const step = (frame.dts - this.#lastDts) / TICKS_PER_SECOND
      if (step < 0 || step > MAX_STEP_SECONDS) this.breakOff()
      else if (this.#shouldCut(frame)) {
        this.#close(frame.dts)
        this.#begin(packet, frame)
      }
    }
    if (this.#start === null && frame.isKey) this.#begin(packet, frame)
    this.#lastDts = frame.dts
  }

  #shouldCut(frame: Frame): boolean {
    const elapsed = (frame.dts - (this.#start?.dts ?? frame.dts)) / TICKS_PER_SECOND
    const { targetSeconds, maxSeconds, maxBytes, warmUpSeconds, isDue } = this.#options
    if (isDue !== undefined && this.#start !== null) return isDue(frame, this.#start) || this.#size >= maxBytes
    if (elapsed >= maxSeconds || this.#size >= maxBytes) return true
    if (this.#warmUp >= warmUpSeconds.length) return frame.isKey && elapsed >= targetSeconds - TOLERANCE_SECONDS
    // Counted from the first frame, so that the rounding to whole frames does not add up.
    const planned = this.#planned + (warmUpSeconds[this.#warmUp] ?? 0)
    return (frame.dts - this.#warmUpStart) / TICKS_PER_SECOND >= planned - FRAME_SECONDS
  }

  #begin(packet: TsPacket, frame: Frame): void {
    if (this.#start === null) this.#warmUpStart = frame.dts
    this.#start = frame
    this.#parts = new PacketBatch()
    this.#parts.add(this.#tables())
    this.#tableBytes = this.#parts.length
    const program = this.#program()
    if (program?.video && repackaged.has(program.video.codec) && !frame.isKey && program.parameterSets.length > 0) {
      const counter = (packet.bytes[3] ?? 0) & 0x0f
      this.#add(buildParameterPackets({ pid: packet.pid, counter, frame, parameterSets: program.parameterSets }))
    }
  }

  #close(endDts: number): void {
    const start = this.#start
    if (start === null || this.#size === 0) return
    const duration = Math.max(0.001, (endDts - start.dts) / TICKS_PER_SECOND)
    const size = this.#parts.length
    const bytes = this.#parts.takeLater()
    const segment: Segment = {
      get bytes() {
        return bytes()
      },
      size,
      sequence: this.#sequence++,
      duration,
      isDiscontinuous: this.#isDiscontinuous,
      isIndependent: start.isKey,
      start: start.dts,
      shownFrom: start.pts,
      offset: this.#offset,
    }
    // As the playlist prints it: players add up what they read.
    this.#offset += Math.round(duration * 1_000) / 1_000
    this.#tableBytes = 0
    this.#planned += this.#options.warmUpSeconds[this.#warmUp] ?? 0
    this.#warmUp++
    this.#isDiscontinuous = false
    this.#onSegment(segment)
  }

  #add(bytes: Buffer): void {
    this.#parts.add(bytes)
  }

  /** Bytes of the segment in the making, without its tables. */
  get #size(): number {
    return this.#parts.length - this.#tableBytes
  }

  /**
   * Holds the packets of a PES packet back until it is complete: until it has the length that it tells, or the next one begins.
   * Subtitles come seconds apart, so waiting for the next would be too late for this one.
   */
  #addAtomic({ pid, bytes, startsUnit }: TsPacket): void {
    const payload = payloadOf(bytes)
    let open = this.#open.get(pid)
    if (startsUnit) {
      if (open !== undefined) this.#addAll(open.packets)
      open = { packets: [], left: lengthOfPes(payload) }
      this.#open.set(pid, open)
    }
    if (open === undefined) return
    open.packets.push(bytes)
    open.left -= payload.length
    if (open.left <= 0) this.#addAll(open.packets)
    // An unbounded PES packet on a data stream must not grow for ever.
    if (open.left <= 0 || open.packets.length > 1_000) this.#open.delete(pid)
  }

  #addAll(packets: readonly Buffer[]): void {
    for (const bytes of packets) this.#add(bytes)
  }

  #tables(): Buffer {
    const tables = Buffer.from(this.#program()?.tables ?? Buffer.alloc(0))
    for (let at = 0; at + 188 <= tables.length; at += 188) {
      tables[at + 3] = ((tables[at + 3] ?? 0) & 0xf0) | (this.#tableCounter & 0x0f)
    }
    this.#tableCounter++
    return tables
  }
}
