import { PacketBatch } from '../relay/packet-batch'
import { crc32Mpeg } from './crc32-mpeg'
import { PACKET_SIZE, payloadOf } from './packet-aligner'
import { type MapEntry, parseProgramAssociation, readMapEntries, SectionReader } from './psi'

/** Which of a program's streams are wanted, each counted among its kind in the order of the table; null for none. */
export interface StreamChoice {
  video: number | null
  audio: number | null
}

const NO_CLOCK = 0x1fff

/**
 * The same segment with one picture and one sound of those in it. It must begin with its tables, as our segments do. A number
 * beyond what there is means the last of its kind: after a change of source there may be fewer. Pure; a segment whose tables
 * cannot be read comes back as it is.
 */
export function selectStreams(segment: Buffer, choice: StreamChoice): Buffer {
  const map = findMap(segment)
  if (map === null) return segment
  const wanted = map.entries.filter((entry, _, entries) => isWanted(entry, entries, choice))
  const pids = new Set(wanted.map(({ pid }) => pid))
  const batch = new PacketBatch()
  let isMapWritten = false
  for (let at = 0; at + PACKET_SIZE <= segment.length; at += PACKET_SIZE) {
    const pid = pidOf(segment, at)
    if (pid === map.pid) {
      if (!isMapWritten) batch.add(buildMap(map, wanted, (segment[at + 3] ?? 0) & 0x0f))
      isMapWritten = true
    } else if (pid === 0 || pids.has(pid)) batch.add(segment.subarray(at, at + PACKET_SIZE))
  }
  return batch.takeJoined()
}

export const pidOf = (bytes: Buffer, at: number) => (((bytes[at + 1] ?? 0) & 0x1f) << 8) | (bytes[at + 2] ?? 0)

export interface FoundMap {
  /** The packets of the table that leads to the map. */
  association: Buffer
  pid: number
  section: Buffer
  entries: MapEntry[]
}

export function findMap(segment: Buffer): FoundMap | null {
  const association = new SectionReader()
  const map = new SectionReader()
  let mapPid: number | null = null
  let associationPackets: Buffer[] = []
  for (let at = 0; at + PACKET_SIZE <= segment.length; at += PACKET_SIZE) {
    const packet = segment.subarray(at, at + PACKET_SIZE)
    const pid = pidOf(packet, 0)
    if (pid !== 0 && pid !== mapPid) {
      if (mapPid !== null) return null
      continue
    }
    const found = (pid === 0 ? association : map).push(packet, payloadOf(packet), ((packet[1] ?? 0) & 0x40) !== 0)
    if (found === null) continue
    if (pid === mapPid)
      return {
        association: Buffer.concat(associationPackets),
        pid,
        section: found.section,
        entries: readMapEntries(found.section),
      }
    mapPid = parseProgramAssociation(found.section)
    associationPackets = found.packets
  }
  return null
}

export function isWanted(entry: MapEntry, entries: MapEntry[], choice: StreamChoice): boolean {
  const { kind } = entry
  if (kind === 'other') return false
  const all = entries.filter(other => other.kind === kind)
  const number = choice[kind]
  return number !== null && all[Math.min(number, all.length - 1)] === entry
}

/** The map anew, in as many packets as it takes. */
export function buildMap({ pid, section }: FoundMap, wanted: MapEntry[], counter: number): Buffer {
  const infoEnd = 12 + (section.readUInt16BE(10) & 0x0fff)
  const clock = section.readUInt16BE(8) & 0x1fff
  const body = Buffer.concat([section.subarray(0, infoEnd), ...wanted.map(({ bytes }) => bytes)])
  body.writeUInt16BE(0xb000 | (body.length - 3 + 4), 1)
  body.writeUInt16BE(0xe000 | (wanted.some(entry => entry.pid === clock) ? clock : NO_CLOCK), 8)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32Mpeg(body) >>> 0)
  // The first byte points to the section's beginning.
  const whole = Buffer.concat([Buffer.from([0]), body, sum])
  const room = PACKET_SIZE - 4
  const packets = Buffer.alloc(Math.ceil(whole.length / room) * PACKET_SIZE, 0xff)
  for (let at = 0, index = 0; at < whole.length; at += room, index++) {
    const start = index * PACKET_SIZE
    packets[start] = 0x47
    packets.writeUInt16BE((index === 0 ? 0x4000 : 0) | pid, start + 1)
    packets[start + 3] = 0x10 | ((counter + index) & 0x0f)
    whole.copy(packets, start + 4, at, at + room)
  }
  return packets
}
