import { PACKET_SIZE } from '../../ts/packet-aligner'

/** Of discs and recorders: each packet has four bytes of arrival time in front. */
const STRIDE = PACKET_SIZE + 4
const SYNC_POINTS = 5

/** Takes the arrival times out, from wherever reading begins. */
export class M2tsReader {
  #rest: Buffer = Buffer.alloc(0)
  #isInSync = false

  push(chunk: Buffer): Buffer {
    const bytes = Buffer.concat([this.#rest, chunk])
    const packets: Buffer[] = []
    let at = 0
    while (at + STRIDE <= bytes.length) {
      if (bytes[at + 4] === 0x47 && (this.#isInSync || isM2ts(bytes, at))) {
        this.#isInSync = true
        packets.push(bytes.subarray(at + 4, at + STRIDE))
        at += STRIDE
        continue
      }
      this.#isInSync = false
      if (at + STRIDE * SYNC_POINTS > bytes.length) break
      at++
    }
    this.#rest = Buffer.from(bytes.subarray(at))
    return Buffer.concat(packets)
  }
}

/** Do packets with arrival times begin here? */
export const isM2ts = (bytes: Buffer, at: number): boolean =>
  Array.from({ length: SYNC_POINTS }, (_, n) => bytes[at + 4 + n * STRIDE]).every(byte => byte === 0x47)
