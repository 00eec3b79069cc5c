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
/** Bytes of the pieces of memory that a stream is written to: little for what one packet may hold on to, much for what is allocated. */
const SLAB_BYTES = 256 * 1_024

/**
 * Cuts a byte stream into whole transport packets. Junk before the first packet (PHP notices, HTML) and inside the
 * stream is skipped and counted, padding left out. What has come is copied into memory of its own, one chunk behind the other: packets
 * that follow each other lie beside each other, so whoever keeps many of them need not copy them again.
 */
export class PacketAligner {
  /** Whole packets so far, padding included. */
  packets = 0
  skippedBytes = 0
  resyncs = 0
  #slab: Buffer = Buffer.alloc(0)
  /** Where in it that lies which is no whole packet yet. */
  #start = 0
  #end = 0
  #isInSync = false

  /** Whole packets, a multiple of 188 bytes. The aligner never writes there again. */
  push(chunk: Buffer): Buffer {
    const bytes = this.#gather(chunk)
    let position = 0
    let kept = 0
    while (position < bytes.length) {
      if (!this.#isInSync) {
        const found = findSync(bytes, position)
        this.skippedBytes += found.position - position
        position = found.position
        if (!found.isSure) break
        this.#isInSync = true
      }
      const run = closeUp(bytes, position, kept)
      this.packets += (run.end - position) / PACKET_SIZE
      position = run.end
      kept = run.kept
      if (bytes.length - position < PACKET_SIZE && (position >= bytes.length || bytes[position] === SYNC_BYTE)) break
      this.#isInSync = false
      this.resyncs++
    }
    bytes.copyWithin(kept, position)
    this.#start += kept
    this.#end -= position - kept
    return bytes.subarray(0, kept)
  }

  /** What was left over and `chunk` behind it. */
  #gather(chunk: Buffer): Buffer {
    if (this.#end + chunk.length > this.#slab.length) {
      const rest = this.#slab.subarray(this.#start, this.#end)
      this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, rest.length + chunk.length))
      rest.copy(this.#slab)
      this.#start = 0
      this.#end = rest.length
    }
    chunk.copy(this.#slab, this.#end)
    this.#end += chunk.length
    return this.#slab.subarray(this.#start, this.#end)
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

/**
 * Moves the whole packets from `from` on to `to`, without padding, which is a tenth of some streams. Answers where those that came end,
 * and those that were kept.
 */
function closeUp(bytes: Buffer, from: number, to: number): { end: number; kept: number } {
  let kept = to
  let span = from
  let end = from
  const move = () => {
    if (kept !== span) bytes.copyWithin(kept, span, end)
    kept += end - span
  }
  for (; end + PACKET_SIZE <= bytes.length && bytes[end] === SYNC_BYTE; end += PACKET_SIZE) {
    // The reserved number of padding, 0x1fff.
    if (bytes[end + 2] !== 0xff || ((bytes[end + 1] ?? 0) & 0x1f) !== 0x1f) continue
    move()
    span = end + PACKET_SIZE
  }
  move()
  return { end, kept }
}
