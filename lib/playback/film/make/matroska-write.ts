import type { FilmPacket, FilmTrack } from '../film'
import { writeElement, writeUnsigned } from '../read/ebml'
import { el } from '../read/matroska-ids'

const types = { video: 1, audio: 2, subtitle: 17 } as const

function writeFloat(id: number, value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return writeElement(id, bytes)
}

/** The head of a Matroska stream of these tracks, for a converter's pipe. */
export function writeMatroskaHead(tracks: readonly FilmTrack[]): Buffer {
  const entries = tracks.map((track, index) => {
    const { id, config } = track.matroska
    const shape =
      track.kind === 'video'
        ? [
            writeElement(
              el.video,
              writeUnsigned(el.pixelWidth, track.width ?? 0),
              writeUnsigned(el.pixelHeight, track.height ?? 0),
            ),
          ]
        : track.kind === 'audio'
          ? [
              writeElement(
                el.audio,
                writeUnsigned(el.channels, track.channels ?? 2),
                writeFloat(el.sampleRate, track.sampleRate ?? 48_000),
              ),
            ]
          : []
    return writeElement(
      el.trackEntry,
      writeUnsigned(el.trackNumber, index + 1),
      writeUnsigned(0x73c5, index + 1),
      writeUnsigned(el.trackType, types[track.kind]),
      writeElement(el.codecId, Buffer.from(id)),
      ...(config === null ? [] : [writeElement(el.codecPrivate, config)]),
      ...shape,
    )
  })
  const unknownSize = Buffer.from([0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])
  return Buffer.concat([
    writeElement(el.ebml, writeElement(el.docType, Buffer.from('matroska'))),
    unknownSize,
    writeElement(el.info, writeUnsigned(el.timestampScale, 1_000_000)),
    writeElement(el.tracks, ...entries),
  ])
}

/** One packet as a cluster of its own; `shift` seconds are added to its time. */
export function writeMatroskaPacket(packet: FilmPacket, number: number, shift: number): Buffer {
  const head = Buffer.from([0x80 | number, 0, 0, packet.isKey ? 0x80 : 0])
  const time = Math.max(0, Math.round((packet.pts + shift) * 1_000))
  return writeElement(el.cluster, writeUnsigned(el.clusterTimestamp, time), writeElement(el.simpleBlock, head, packet.data))
}
