import { looksLikePlaylist } from '../rewrite-playlist'
import { PacketAligner } from '../ts/packet-aligner'

export type LiveContent = 'ts' | 'hls' | 'unknown'

/** Bytes in which the first transport packet must be found; notices of a panel are shorter. */
export const SNIFF_BYTES = 65_536

/** What a "live stream" really is, from its first bytes. Packets may follow some text, so text alone decides nothing. */
export function sniffLive(head: Buffer): LiveContent {
  if (looksLikePlaylist(head.toString('latin1', 0, 64))) return 'hls'
  const aligner = new PacketAligner()
  aligner.push(head)
  return aligner.packets > 0 ? 'ts' : 'unknown'
}
