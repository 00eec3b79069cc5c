import { stampPlaces, tsReader } from './ts-loop.ts'

const PACKET = 188

export interface TsReport {
  packets: number
  counterErrors: number
  /** Times at which a timestamp of the same PID went back or leapt by more than a second. */
  stampErrors: number
  clockErrors: number
  firstIsKeyframe: boolean
  seconds: number
}

interface Track {
  counter: number | null
  stamp: number | null
}

/** Follows continuity counters, DTS and PCR through received bytes; written apart from the code that produces them. */
export function checkTs(bytes: Buffer): TsReport {
  const tracks = new Map<number, Track>()
  const report: TsReport = { packets: 0, counterErrors: 0, stampErrors: 0, clockErrors: 0, firstIsKeyframe: false, seconds: 0 }
  let firstClock: number | null = null
  let lastClock: number | null = null
  let videoSeen = false
  for (let at = 0; at + PACKET <= bytes.length; at += PACKET) {
    const p = bytes.subarray(at, at + PACKET)
    if (p[0] !== 0x47) throw new Error(`no sync byte at ${at}`)
    report.packets++
    const pid = tsReader.pidOf(p)
    const track = tracks.get(pid) ?? { counter: null, stamp: null }
    tracks.set(pid, track)
    followCounter(p, track, report)
    followStamp(p, track, report)
    if (!tsReader.hasPcr(p)) continue
    if (!videoSeen) report.firstIsKeyframe = tsReader.isKeyframe(p)
    videoSeen = true
    const clock = tsReader.readPcr(p)
    if (lastClock !== null && (clock < lastClock || clock - lastClock > 9000)) report.clockErrors++
    firstClock ??= clock
    lastClock = clock
  }
  report.seconds = ((lastClock ?? 0) - (firstClock ?? 0)) / 90_000
  return report
}

function followCounter(p: Buffer, track: Track, report: TsReport): void {
  const counter = (p[3] ?? 0) & 15
  const expected = track.counter === null ? counter : (track.counter + (tsReader.hasPayload(p) ? 1 : 0)) & 15
  if (counter !== expected) report.counterErrors++
  track.counter = counter
}

function followStamp(p: Buffer, track: Track, report: TsReport): void {
  const places = stampPlaces(p)
  if (!places) return
  const stamp = tsReader.readStamp(p, places.dts ?? places.pts)
  if (track.stamp !== null && (stamp <= track.stamp || stamp - track.stamp > 9000)) report.stampErrors++
  track.stamp = stamp
}
