import { deflateSync } from 'node:zlib'
import type { Film } from '../film'
import { writeElement, writeUnsigned } from './ebml'
import { el } from './matroska-ids'

export type Packing = 'none' | 'zlib' | 'header'
/** Taken off the front of each packet by `header`. */
const HEADER_BYTES = 1

interface Packet {
  track: number
  pts: number
  duration?: number | null
  isKey?: boolean
  data: Buffer
}

interface Packed {
  tracks: Film['tracks']
  packets: readonly Packet[]
  packing: Packing
  /** The packets are packed already. */
  isDone?: boolean
}

const pack: Record<Packing, (data: Buffer) => Buffer> = {
  none: data => data,
  zlib: data => deflateSync(data),
  header: data => data.subarray(HEADER_BYTES),
}

/** A Matroska file whose subtitles are packed as mkvmerge packs them, which FFmpeg does not do.  */
export function packFilm({ tracks, packets, packing, isDone = false }: Packed): Buffer {
  const titles = tracks.find(({ kind }) => kind === 'subtitle')?.id
  const header = packets.find(({ track }) => track === titles)?.data.subarray(0, HEADER_BYTES) ?? Buffer.alloc(0)
  const how =
    packing === 'zlib'
      ? [writeUnsigned(el.compressionAlgorithm, 0)]
      : [writeUnsigned(el.compressionAlgorithm, 3), writeElement(el.compressionSettings, header)]
  const encoding = writeElement(el.contentEncoding, writeElement(el.contentCompression, ...how))
  const entries = tracks.map(({ id, kind, matroska, width, height }) =>
    writeElement(
      el.trackEntry,
      writeUnsigned(el.trackNumber, id),
      writeUnsigned(0x73c5, id),
      writeUnsigned(el.trackType, kind === 'video' ? 1 : 17),
      writeElement(el.language, Buffer.from('ger')),
      writeElement(el.codecId, Buffer.from(matroska.id)),
      ...(matroska.config === null ? [] : [writeElement(el.codecPrivate, matroska.config)]),
      ...(kind === 'video' ? [writePicture(width ?? 0, height ?? 0)] : []),
      ...(kind === 'subtitle' && packing !== 'none' ? [writeElement(el.contentEncodings, encoding)] : []),
    ),
  )
  const clusters = packets.map(packet => {
    const isPacked = isDone || packet.track !== titles
    return writeCluster(isPacked ? packet : { ...packet, data: pack[packing](packet.data) })
  })
  const info = writeElement(el.info, writeUnsigned(el.timestampScale, 1_000_000))
  return Buffer.concat([
    writeElement(el.ebml, writeElement(el.docType, Buffer.from('matroska'))),
    writeElement(el.segment, info, writeElement(el.tracks, ...entries), ...clusters),
  ])
}

const writePicture = (width: number, height: number) =>
  writeElement(el.video, writeUnsigned(el.pixelWidth, width), writeUnsigned(el.pixelHeight, height))

function writeCluster({ track, pts, duration = null, isKey = true, data }: Packet): Buffer {
  const time = writeUnsigned(el.clusterTimestamp, Math.round(pts * 1_000))
  const head = Buffer.from([0x80 | track, 0, 0, isKey ? 0x80 : 0])
  if (duration === null) return writeElement(el.cluster, time, writeElement(el.simpleBlock, head, data))
  head[3] = 0
  const group = [writeElement(el.block, head, data), writeUnsigned(el.blockDuration, Math.round(duration * 1_000))]
  return writeElement(el.cluster, time, writeElement(el.blockGroup, ...group))
}
