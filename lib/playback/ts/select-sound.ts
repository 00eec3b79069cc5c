import { PacketBatch } from '../relay/packet-batch'
import { PACKET_SIZE, payloadOf } from './packet-aligner'
import { parsePesHeader, TICKS_PER_SECOND, WRAP } from './pes'
import { buildMap, findMap, isWanted, pidOf } from './select-streams'

/** Bytes of a segment and its neighbours, which are null where they do not continue it. */
export interface Neighbourhood {
  before: Buffer | null
  segment: Buffer
  after: Buffer | null
  /** Presentation time of the segment's first frame, in ticks; the same of the next one is its end. */
  from: number
  to: number
}

/** Sound that ends this much before its segment is as good as whole: less than a packet of it. */
const NEARLY = 0.1 * TICKS_PER_SECOND

/**
 * One sound of a segment, as a segment of its own. Senders put sound up to a second later into the stream than the picture it
 * belongs to; players that fetch it alone take its first packet for the beginning of the segment, so it is cut by time.
 */
export function selectSound({ before, segment, after, from, to }: Neighbourhood, audio: number): Buffer {
  const map = findMap(segment)
  if (map === null) return segment
  const wanted = map.entries.filter(entry => isWanted(entry, map.entries, { video: null, audio }))
  const pid = wanted[0]?.pid
  const batch = new PacketBatch()
  batch.add(map.association)
  batch.add(buildMap(map, wanted, 0))
  if (pid === undefined) return batch.takeJoined()
  for (const part of [before, segment, after]) {
    if (part === null) continue
    for (const unit of listUnits(part, pid)) {
      if (distance(unit.pts, from) < 0 || distance(unit.pts, to) >= 0) continue
      for (const packet of unit.packets) batch.add(packet)
    }
  }
  return batch.takeJoined()
}

/** Is the end of this sound still to come with the next segment? */
export function lacksEnd({ segment, to }: Pick<Neighbourhood, 'segment' | 'to'>, audio: number): boolean {
  const map = findMap(segment)
  const pid = map?.entries.find(entry => isWanted(entry, map.entries, { video: null, audio }))?.pid
  if (pid === undefined) return false
  const last = listUnits(segment, pid).at(-1)
  return last === undefined || distance(last.pts, to) < -NEARLY
}

/** Ticks from `origin` to `at`, across the wrap of the clock. */
function distance(at: number, origin: number): number {
  const ahead = (((at - origin) % WRAP) + WRAP) % WRAP
  return ahead > WRAP / 2 ? ahead - WRAP : ahead
}

function listUnits(bytes: Buffer, pid: number): { pts: number; packets: Buffer[] }[] {
  const units: { pts: number; packets: Buffer[] }[] = []
  for (let at = 0; at + PACKET_SIZE <= bytes.length; at += PACKET_SIZE) {
    if (pidOf(bytes, at) !== pid) continue
    const packet = bytes.subarray(at, at + PACKET_SIZE)
    const header = (packet[1] ?? 0) & 0x40 ? parsePesHeader(payloadOf(packet)) : null
    const last = units.at(-1)
    if (header?.pts != null) units.push({ pts: header.pts, packets: [packet] })
    else last?.packets.push(packet)
  }
  return units
}
