import { PACKET_SIZE } from './packet-aligner'
import { buildVideoPesHeader } from './pes'
import type { Frame } from './scanner'

/**
 * Packets that carry only the parameter sets of a video, to stand before a frame that comes without them: players
 * that repackage segments need them in every segment. `counter` is the continuity counter of the packet that follows.
 */
export function buildParameterPackets(options: {
  pid: number
  counter: number
  frame: Frame
  parameterSets: readonly Buffer[]
}): Buffer {
  const startCode = Buffer.from([0, 0, 0, 1])
  const units = options.parameterSets.flatMap(set => [startCode, set])
  const payload = Buffer.concat([buildVideoPesHeader(options.frame.pts, options.frame.dts), ...units])
  const room = PACKET_SIZE - 6
  const count = Math.ceil(payload.length / room)
  const packets = Buffer.alloc(count * PACKET_SIZE, 0xff)
  for (let index = 0; index < count; index++) {
    const at = index * PACKET_SIZE
    const part = payload.subarray(index * room, (index + 1) * room)
    const stuffing = room - part.length
    packets[at] = 0x47
    packets.writeUInt16BE((index === 0 ? 0x4000 : 0) | options.pid, at + 1)
    packets[at + 3] = 0x30 | ((options.counter - count + index + 16 * count) & 0x0f)
    packets[at + 4] = 1 + stuffing
    // The discontinuity flag excuses the counter, which repeats numbers of the segment before.
    packets[at + 5] = index === 0 ? 0x80 : 0
    part.copy(packets, at + 6 + stuffing)
  }
  return packets
}
