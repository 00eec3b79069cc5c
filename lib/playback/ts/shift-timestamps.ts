import { PACKET_SIZE } from './packet-aligner'
import { readTimestamp, WRAP, writeTimestamp } from './pes'

/** Where the clocks of a packet stand in it; null where it has none. */
export interface StampPlaces {
  pcr: number | null
  pts: number | null
  dts: number | null
}

/** Finds the clock reference and the timestamps of a transport packet. */
export function findStamps(packet: Buffer): StampPlaces {
  const fourth = packet[3] ?? 0
  const hasAdaptation = (fourth & 0x20) !== 0
  const adaptationLength = hasAdaptation ? (packet[4] ?? 0) : -1
  const pcr = adaptationLength >= 7 && ((packet[5] ?? 0) & 0x10) !== 0 ? 6 : null
  const startsUnit = ((packet[1] ?? 0) & 0x40) !== 0
  const hasPayload = (fourth & 0x10) !== 0
  const at = 5 + adaptationLength
  if (!startsUnit || !hasPayload || at + 14 > PACKET_SIZE) return { pcr, pts: null, dts: null }
  const isPes = packet[at] === 0 && packet[at + 1] === 0 && packet[at + 2] === 1
  const flags = isPes ? (packet[at + 7] ?? 0) : 0
  const pts = flags & 0x80 ? at + 9 : null
  return { pcr, pts, dts: pts !== null && flags & 0x40 && at + 19 <= PACKET_SIZE ? at + 14 : null }
}

export const readStamp = (packet: Buffer, at: number): number => readTimestamp(packet, at)

/** Moves the clock reference and the timestamps of a packet by so many ticks, in place. */
export function shiftStamps(packet: Buffer, { pcr, pts, dts }: StampPlaces, ticks: number): void {
  if (pcr !== null) writePcr(packet, pcr, readPcr(packet, pcr) + ticks)
  for (const at of [pts, dts]) {
    if (at !== null) writeTimestamp(packet, at, { prefix: (packet[at] ?? 0) & 0xf0, value: readTimestamp(packet, at) + ticks })
  }
}

/** Base of the clock reference in ticks; its finer extension stays as it is. */
export function readPcr(packet: Buffer, at: number): number {
  return packet.readUInt32BE(at) * 2 + ((packet[at + 4] ?? 0) >> 7)
}

function writePcr(packet: Buffer, at: number, ticks: number): void {
  const value = ((ticks % WRAP) + WRAP) % WRAP
  packet.writeUInt32BE(Math.floor(value / 2), at)
  packet[at + 4] = ((packet[at + 4] ?? 0) & 0x7f) | ((value % 2) << 7)
}
