import type { FilmPacket } from '../film'
import { ByteCursor } from '../read/byte-cursor'
import { gatherElements, takeElement } from '../read/ebml'
import { MatroskaBlocks } from '../read/matroska-blocks'
import { el } from '../read/matroska-ids'
import { readTrack } from '../read/matroska-tracks'

/** The packets of what FFmpeg wrote as Matroska, and how a decoder has to be set up for them. */
export async function readEncoded(made: Buffer): Promise<{ packets: FilmPacket[]; config: Buffer | null }> {
  const cursor = new ByteCursor({ size: made.length, read: async (offset, length) => made.subarray(offset, offset + length) }, 0)
  for (let element = await takeElement(cursor); element !== null; element = await takeElement(cursor)) {
    if (element.id === el.segment) continue
    if (element.id === el.tracks) {
      const body = await cursor.take(element.end - element.start)
      const tracks = (gatherElements(body).get(el.trackEntry) ?? []).map(readTrack).filter(track => track !== null)
      const blocks = new MatroskaBlocks({ tracks: new Map(tracks.map(each => [each.track.id, each])), scale: 1e-3 })
      return { packets: await Array.fromAsync(blocks.read(cursor)), config: tracks[0]?.track.matroska.config ?? null }
    }
    cursor.at = element.end
  }
  return { packets: [], config: null }
}
