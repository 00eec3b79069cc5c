import type { FilmPacket } from '../film'
import { setsOfAvc, toLengthPrefixed } from '../read/annex-b'
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
  return { ...packet, data: Buffer.concat([toLengthPrefixed('h264', setsOfAvc(config)), packet.data]) }
}
