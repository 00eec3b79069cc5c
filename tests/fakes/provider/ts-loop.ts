import { readFileSync } from 'node:fs'

const PACKET = 188
const WRAP = 2 ** 33
const TICKS = 90_000

interface TsLayout {
  pat: Buffer
  pmt: Buffer
  videoPid: number
  audioPids: number[]
}

/** H.264, MPEG-2 and HEVC. */
const VIDEO_TYPES = new Set([0x1b, 0x02, 0x24])

export interface TsLoop {
  packets: number
  seconds: number
  bytes: number
  /** First packet of each keyframe group, PAT and PMT included. */
  keyframes: number[]
  /** First packet of each video frame, and the second within the loop at which it is due. */
  frames: { packet: number; at: number }[]
  /** Packets [from, to) of the endless stream, with timestamps and counters of that place in it. */
  render(from: number, to: number): Buffer
}

const pidOf = (p: Buffer) => (((p[1] ?? 0) & 0x1f) << 8) | (p[2] ?? 0)
const startsUnit = (p: Buffer) => ((p[1] ?? 0) & 0x40) !== 0
const hasPayload = (p: Buffer) => ((p[3] ?? 0) & 0x10) !== 0
const adaptationLength = (p: Buffer) => (((p[3] ?? 0) & 0x20) !== 0 ? (p[4] ?? 0) : -1)
const hasPcr = (p: Buffer) => adaptationLength(p) >= 7 && ((p[5] ?? 0) & 0x10) !== 0
const isKeyframe = (p: Buffer) => startsUnit(p) && adaptationLength(p) >= 1 && ((p[5] ?? 0) & 0x40) !== 0
const payloadOffset = (p: Buffer) => 5 + adaptationLength(p)

function readStamp(p: Buffer, at: number): number {
  return (((p[at] ?? 0) >> 1) & 7) * 2 ** 30 + (p.readUInt16BE(at + 1) >> 1) * 2 ** 15 + (p.readUInt16BE(at + 3) >> 1)
}

function writeStamp(p: Buffer, at: number, value: number): void {
  p[at] = ((p[at] ?? 0) & 0xf0) | (Math.floor(value / 2 ** 30) << 1) | 1
  p.writeUInt16BE(((Math.floor(value / 2 ** 15) & 0x7fff) << 1) | 1, at + 1)
  p.writeUInt16BE(((value % 2 ** 15) << 1) | 1, at + 3)
}

const readPcr = (p: Buffer) => p.readUInt32BE(6) * 2 + ((p[10] ?? 0) >> 7)

function writePcr(p: Buffer, value: number): void {
  p.writeUInt32BE(Math.floor(value / 2), 6)
  p[10] = ((p[10] ?? 0) & 0x7f) | ((value % 2) << 7)
}

/** Where the PES header's timestamps are in this packet, or null. */
export function stampPlaces(p: Buffer): { pts: number; dts: number | null } | null {
  if (!startsUnit(p) || !hasPayload(p)) return null
  const at = payloadOffset(p)
  if (at > PACKET - 19 || p[at] !== 0 || p[at + 1] !== 0 || p[at + 2] !== 1) return null
  const flags = (p[at + 7] ?? 0) >> 6
  if (flags < 2) return null
  return { pts: at + 9, dts: flags === 3 ? at + 14 : null }
}

export const tsReader = { pidOf, hasPayload, hasPcr, readPcr, readStamp, isKeyframe, adaptationLength }

function findLayout(packets: Buffer[]): TsLayout {
  const pat = packets.find(p => pidOf(p) === 0 && startsUnit(p))
  if (!pat) throw new Error('no PAT')
  const pmtPid = ((pat[15] ?? 0) & 0x1f) * 256 + (pat[16] ?? 0)
  const pmt = packets.find(p => pidOf(p) === pmtPid && startsUnit(p))
  if (!pmt) throw new Error('no PMT')
  let videoPid = 0
  const audioPids: number[] = []
  const end = 8 + (((pmt[6] ?? 0) & 0x0f) << 8) + (pmt[7] ?? 0) - 4
  for (let at = 17 + (((pmt[15] ?? 0) & 0x0f) << 8) + (pmt[16] ?? 0); at < end; ) {
    const pid = ((pmt[at + 1] ?? 0) & 0x1f) * 256 + (pmt[at + 2] ?? 0)
    if (VIDEO_TYPES.has(pmt[at] ?? 0)) videoPid = pid
    else audioPids.push(pid)
    at += 5 + (((pmt[at + 3] ?? 0) & 0x0f) << 8) + (pmt[at + 4] ?? 0)
  }
  return { pat, pmt, videoPid, audioPids }
}

/** Ticks from one frame to the next. */
function frameTicksOf(frames: Buffer[]): number {
  const stamps = frames.slice(0, 2).map(p => {
    const places = stampPlaces(p)
    return places === null ? 0 : readStamp(p, places.dts ?? places.pts)
  })
  return (stamps[1] ?? 0) - (stamps[0] ?? 0)
}

/** AAC priming leaves one frame too many; without cutting it the sound would overlap itself at every turn of the loop. */
function trimAudio(packets: Buffer[], audioPid: number, ticks: number): Buffer[] {
  let first: number | null = null
  let dropping = false
  return packets.filter(p => {
    if (pidOf(p) !== audioPid) return true
    const stamps = stampPlaces(p)
    if (stamps) {
      const pts = readStamp(p, stamps.pts)
      first ??= pts
      dropping = pts >= first + ticks
    }
    return !dropping
  })
}

function withTablesAtKeyframes(packets: Buffer[], layout: TsLayout): Buffer[] {
  const tables = new Set([0, pidOf(layout.pmt)])
  const firstVideo = packets.findIndex(p => pidOf(p) === layout.videoPid)
  return packets.flatMap((p, i) => {
    if (i < firstVideo && tables.has(pidOf(p))) return []
    return pidOf(p) === layout.videoPid && isKeyframe(p) ? [layout.pat, layout.pmt, p] : [p]
  })
}

function countPerPid(packets: Buffer[]): { place: Uint8Array; perLoop: Uint8Array } {
  const seen = new Map<number, number>()
  const place = new Uint8Array(packets.length)
  packets.forEach((p, i) => {
    const n = seen.get(pidOf(p)) ?? 0
    place[i] = (hasPayload(p) ? n : n - 1) & 15
    if (hasPayload(p)) seen.set(pidOf(p), n + 1)
  })
  const perLoop = Uint8Array.from(packets, p => (seen.get(pidOf(p)) ?? 0) & 15)
  return { place, perLoop }
}

function shiftPacket(p: Buffer, ticks: number, counter: number): void {
  p[3] = ((p[3] ?? 0) & 0xf0) | (counter & 15)
  if (hasPcr(p)) writePcr(p, (readPcr(p) + ticks) % WRAP)
  const stamps = stampPlaces(p)
  if (!stamps) return
  writeStamp(p, stamps.pts, (readStamp(p, stamps.pts) + ticks) % WRAP)
  if (stamps.dts !== null) writeStamp(p, stamps.dts, (readStamp(p, stamps.dts) + ticks) % WRAP)
}

/** Sound that comes late has lower timestamps than the picture beside it. */
function setBack(packets: Buffer[], pids: number[], ticks: number): void {
  for (const p of packets) {
    const stamps = pids.includes(pidOf(p)) ? stampPlaces(p) : null
    if (stamps) writeStamp(p, stamps.pts, readStamp(p, stamps.pts) - ticks)
  }
}

/** Reads a short transport stream and presents it as one without beginning or end; its sound comes `soundLag` seconds late. */
export function loadTsLoop(file: string, soundLag = 0): TsLoop {
  const raw = readFileSync(file)
  const source = Array.from({ length: Math.floor(raw.length / PACKET) }, (_, i) => raw.subarray(i * PACKET, (i + 1) * PACKET))
  const layout = findLayout(source)
  const isFrame = (p: Buffer) => pidOf(p) === layout.videoPid && stampPlaces(p) !== null
  const frameTicks = frameTicksOf(source.filter(isFrame))
  const ticks = Math.round(source.filter(isFrame).length * frameTicks)
  const packets = withTablesAtKeyframes(
    layout.audioPids.reduce<Buffer[]>((rest, pid) => trimAudio(rest, pid, ticks), source),
    layout,
  )
  setBack(packets, layout.audioPids, soundLag * TICKS)
  const data = Buffer.concat(packets)
  const { place, perLoop } = countPerPid(packets)
  const keyframes: number[] = []
  const frames: TsLoop['frames'] = []
  packets.forEach((p, i) => {
    if (!isFrame(p)) return
    const key = isKeyframe(p)
    if (key) keyframes.push(i - 2)
    frames.push({ packet: frames.length === 0 ? 0 : key ? i - 2 : i, at: (frames.length * frameTicks) / TICKS })
  })
  keyframes[0] = 0
  const count = packets.length
  const render = (from: number, to: number): Buffer => {
    const out = Buffer.allocUnsafe((to - from) * PACKET)
    for (let n = from; n < to; n++) {
      const turn = Math.floor(n / count)
      const i = n - turn * count
      const at = (n - from) * PACKET
      data.copy(out, at, i * PACKET, (i + 1) * PACKET)
      shiftPacket(out.subarray(at, at + PACKET), turn * ticks, (place[i] ?? 0) + (turn % 16) * (perLoop[i] ?? 0))
    }
    return out
  }
  return { packets: count, seconds: ticks / TICKS, bytes: count * PACKET, keyframes, frames, render }
}
