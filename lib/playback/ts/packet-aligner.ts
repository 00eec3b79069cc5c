export const PACKET_SIZE = 188

/** What a packet carries behind its header and its adaptation field. */
export function payloadOf(packet: Buffer): Buffer {
  const hasAdaptation = ((packet[3] ?? 0) & 0x20) !== 0
  return packet.subarray(hasAdaptation ? Math.min(5 + (packet[4] ?? 0), PACKET_SIZE) : 4)
}

const SYNC_BYTE = 0x47
/** Sync bytes in a row that make us believe in an alignment: fewer match by accident inside video data. */
const SYNC_POINTS = 5
const PROBE_BYTES = PACKET_SIZE * (SYNC_POINTS - 1) + 1

/**
 * Cuts a byte stream into whole transport packets. Junk before the first packet (PHP notices, HTML) and inside the
 * stream is skipped and counted.
 */
export class PacketAligner {
  skippedBytes = 0
  resyncs = 0
  #rest: Buffer = Buffer.alloc(0)
  #isInSync = false

  /** Runs of whole packets, each a multiple of 188 bytes, sharing memory with `chunk`. */
  push(chunk: Buffer): Buffer[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const runs: Buffer[] = []
    let position = 0
    while (position < bytes.length) {
      if (!this.#isInSync) {
        const found = findSync(bytes, position)
        this.skippedBytes += found.position - position
        position = found.position
        if (!found.isSure) break
        this.#isInSync = true
      }
      const end = endOfRun(bytes, position)
      if (end > position) runs.push(bytes.subarray(position, end))
      position = end
      if (bytes.length - position < PACKET_SIZE && (position >= bytes.length || bytes[position] === SYNC_BYTE)) break
      this.#isInSync = false
      this.resyncs++
    }
    // A copy, because a view of a few bytes would keep the whole chunk alive.
    this.#rest = Buffer.from(bytes.subarray(position))
    return runs
  }
}

/** The first position with enough sync points, or where to go on looking once more bytes are there. */
function findSync(bytes: Buffer, from: number): { position: number; isSure: boolean } {
  let position = bytes.indexOf(SYNC_BYTE, from)
  while (position !== -1) {
    if (position + PROBE_BYTES > bytes.length) return { position, isSure: false }
    if (hasSyncPoints(bytes, position)) return { position, isSure: true }
    position = bytes.indexOf(SYNC_BYTE, position + 1)
  }
  return { position: bytes.length, isSure: false }
}

function hasSyncPoints(bytes: Buffer, position: number): boolean {
  for (let point = 1; point < SYNC_POINTS; point++) {
    if (bytes[position + point * PACKET_SIZE] !== SYNC_BYTE) return false
  }
  return true
}

function endOfRun(bytes: Buffer, from: number): number {
  let end = from
  while (end + PACKET_SIZE <= bytes.length && bytes[end] === SYNC_BYTE) end += PACKET_SIZE
  return end
}
