import type { FilmPacket } from '../film'
import type { CodecName } from './sample-entries'

/** The same picture in MP4 when its key frames say themselves how they are to be decoded (ISO 14496-15: avc3). */
export function namedInBand({ codecString, entry }: CodecName): CodecName {
  const renamed = Buffer.from(entry)
  renamed.write('avc3', 4, 'latin1')
  return { codecString: codecString.replace('avc1', 'avc3'), entry: renamed }
}

/** A packet of H.264 with the parameter sets of this configuration in it, if it is a key frame. */
export function withSets(packet: FilmPacket, config: Buffer | null): FilmPacket {
  if (!packet.isKey || config === null) return packet
  return { ...packet, data: Buffer.concat([...listSets(config), packet.data]) }
}

/** Each behind its length in four bytes, as FFmpeg writes the picture's own parts. */
function listSets(config: Buffer): Buffer[] {
  const sets: Buffer[] = []
  let at = 5
  for (const mask of [0x1f, 0xff]) {
    const count = (config[at++] ?? 0) & mask
    for (let n = 0; n < count && at + 2 <= config.length; n++) {
      const length = config.readUInt16BE(at)
      sets.push(Buffer.concat([Buffer.from([0, 0]), config.subarray(at, at + 2 + length)]))
      at += 2 + length
    }
  }
  return sets
}
