import { isInstant } from '../../ts/h264-order'
import { blankTrack, type Film, type FilmPacket, type FilmTrack } from '../film'
import { AviPackets, describeShown, type Split } from './avi-packets'
import { nameOfFourCc, nameOfWaveFormat } from './codec-names'
import type { FilmBytes } from './film-bytes'
import { lastAtMost } from './mp4-samples'
import { MOST_HELD } from './shown-order'

interface Chunk {
  at: number
  size: number
  seconds: number
  isKey: boolean
}

interface Stream {
  track: FilmTrack
  scale: number
  rate: number
  /** Bytes of one unit of sound; 0 when each chunk is one unit. */
  unitBytes: number
  /** Of a picture that says in which order it is shown: how its units are found. */
  split: Split | null
  chunks: Chunk[]
  /** Position in units, while the index is read. */
  units: number
}

const MAX_INDEX = 96 * 2 ** 20
const MAX_STREAMS = 32
/** Of one stream. Lists of an index may name each other many times over. */
const MAX_CHUNKS = 2_000_000
/** One picture larger than this is none. */
const MAX_CHUNK_BYTES = 32 * 2 ** 20
const fourCc = (bytes: Buffer, at: number) => bytes.toString('latin1', at, at + 4)

interface Part {
  id: string
  start: number
  size: number
}

/** Reads an AVI's headers and index. Null for any other file and for one whose index is missing. */
export async function openAvi(bytes: FilmBytes): Promise<Film | null> {
  const head = await bytes.read(0, 12)
  if (fourCc(head, 0) !== 'RIFF' || fourCc(head, 8) !== 'AVI ') return null
  const streams: Stream[] = []
  const standard: { stream: number; entries: Buffer }[] = []
  let movie: Part | null = null
  for await (const part of parts(bytes, 12, bytes.size)) {
    const type = part.id === 'LIST' ? fourCc(await bytes.read(part.start, 4), 0) : part.id
    if (type === 'hdrl') {
      for await (const inner of parts(bytes, part.start + 4, part.start + part.size)) {
        if (inner.id === 'LIST') await readStream(bytes, { part: inner, streams, standard })
      }
    } else if (type === 'movi') movie = part
    else if (type === 'idx1' && movie !== null && part.size <= MAX_INDEX && standard.length === 0) {
      readOldIndex(await bytes.read(part.start, part.size), { streams, movie })
    }
  }
  for (const { stream, entries } of standard) await readOpenDml(bytes, streams[stream], entries)
  const video = streams.find(({ track }) => track.kind === 'video')
  if (video === undefined || video.chunks.length === 0) return null
  const last = video.chunks.at(-1) as Chunk
  // Some writers leave every second place empty.
  const places = Math.max(1, Math.round(video.units / video.chunks.length))
  video.track = { ...video.track, frameRate: video.rate / video.scale / places }
  const isCopyable = await describePicture(bytes, video)
  return {
    container: 'avi',
    duration: last.seconds + video.scale / video.rate,
    tracks: streams.map(({ track }) => track),
    chapters: [],
    keyTimes: video.chunks.filter(({ isKey }) => isKey).map(({ seconds }) => seconds),
    keySeconds: null,
    isCopyable,
    read: (source, from, wanted) => readFrom(source, { streams, from, wanted }),
  }
}

/** Describes the picture as other files would, if it says when it is shown. May it go out as it is, too? */
async function describePicture(bytes: FilmBytes, video: Stream): Promise<boolean> {
  const keys = video.chunks.filter(({ isKey, size }) => isKey && size <= MAX_CHUNK_BYTES)
  const [key] = keys
  if (video.track.codec !== 'h264' || key === undefined) return false
  const described = describeShown(video.track, await bytes.read(key.at, key.size))
  if (described === null) return false
  const { track, split, looksAhead } = described
  Object.assign(video, { track, split })
  // Pictures behind a key frame that are shown before it lack those before: Chromium's decoder gives up where a jump ends at them.
  for (const later of looksAhead ? new Set([keys[1], keys[keys.length >> 1]]) : [])
    if (later !== undefined && !isInstant(split(await bytes.read(later.at, later.size)))) return false
  return true
}

async function* parts(bytes: FilmBytes, from: number, to: number): AsyncGenerator<Part> {
  for (let at = from; at + 8 <= to; ) {
    const head = await bytes.read(at, 8)
    if (head.length < 8) return
    const size = head.readUInt32LE(4)
    const id = fourCc(head, 0)
    if (id === 'RIFF') {
      // OpenDML goes on in further pieces, whose chunks the index names.
      at += 12
      continue
    }
    yield { id, start: at + 8, size }
    at += 8 + size + (size % 2)
  }
}

async function readStream(
  bytes: FilmBytes,
  { part, streams, standard }: { part: Part; streams: Stream[]; standard: { stream: number; entries: Buffer }[] },
): Promise<void> {
  if (streams.length >= MAX_STREAMS || fourCc(await bytes.read(part.start, 4), 0) !== 'strl') return
  let header: Buffer = Buffer.alloc(0)
  let format: Buffer = Buffer.alloc(0)
  let title: Buffer | null = null
  for await (const inner of parts(bytes, part.start + 4, part.start + part.size)) {
    const body = await bytes.read(inner.start, Math.min(inner.size, 2 ** 20))
    if (inner.id === 'strh') header = body
    else if (inner.id === 'strf') format = body
    else if (inner.id === 'strn') title = body
    else if (inner.id === 'indx') standard.push({ stream: streams.length, entries: Buffer.from(body) })
  }
  if (header.length < 48 || format.length < 16) return
  const type = fourCc(header, 0)
  const kind = type === 'vids' ? 'video' : type === 'auds' ? 'audio' : 'subtitle'
  const [scale, rate] = [header.readUInt32LE(20) || 1, header.readUInt32LE(24) || 25]
  const isPicture = kind === 'video'
  const track: FilmTrack = {
    ...blankTrack,
    id: streams.length,
    kind,
    codec: isPicture ? nameOfFourCc(fourCc(format, 16)) : kind === 'audio' ? nameOfWaveFormat(format.readUInt16LE(0)) : 'unknown',
    matroska: { id: isPicture ? 'V_MS/VFW/FOURCC' : 'A_MS/ACM', config: Buffer.from(format) },
    title: title?.toString('utf8').replace(/\0.*$/, '') ?? null,
    isDefault: true,
    ...(isPicture
      ? {
          width: format.readInt32LE(4),
          height: Math.abs(format.readInt32LE(8)),
          displayWidth: format.readInt32LE(4),
          frameRate: rate / scale,
        }
      : {}),
    ...(kind === 'audio' ? { channels: format.readUInt16LE(2), sampleRate: format.readUInt32LE(4) } : {}),
  }
  streams.push({ track, scale, rate, unitBytes: isPicture ? 0 : header.readUInt32LE(44), split: null, chunks: [], units: 0 })
}

function addChunk(stream: Stream, chunk: { at: number; size: number; isKey: boolean }): void {
  const seconds = (stream.units * stream.scale) / stream.rate
  stream.units += stream.unitBytes > 0 ? chunk.size / stream.unitBytes : 1
  if (chunk.size > 0 && stream.chunks.length < MAX_CHUNKS) stream.chunks.push({ ...chunk, seconds })
}

function readOldIndex(index: Buffer, { streams, movie }: { streams: Stream[]; movie: Part }): void {
  if (index.length < 16) return
  // Offsets count from the list's type, or from the beginning of the file in files of some writers.
  const base = index.readUInt32LE(8) >= movie.start ? 0 : movie.start
  for (let at = 0; at + 16 <= index.length; at += 16) {
    const stream = streams[Number.parseInt(index.toString('latin1', at, at + 2), 10)]
    if (stream === undefined) continue
    const isKey = (index.readUInt32LE(at + 4) & 0x10) !== 0 || stream.track.kind === 'audio'
    addChunk(stream, { at: base + index.readUInt32LE(at + 8) + 8, size: index.readUInt32LE(at + 12), isKey })
  }
}

/** The newer index: a list of lists. */
async function readOpenDml(bytes: FilmBytes, stream: Stream | undefined, list: Buffer): Promise<void> {
  if (stream === undefined || list.length < 24 || list[3] !== 0) return
  const count = Math.min(list.readUInt32LE(4), Math.floor((list.length - 24) / 16))
  for (let index = 0; index < count && stream.chunks.length < MAX_CHUNKS; index++) {
    const at = Number(list.readBigUInt64LE(24 + index * 16))
    const size = list.readUInt32LE(24 + index * 16 + 8)
    const part = size > MAX_INDEX ? Buffer.alloc(0) : await bytes.read(at + 8, size - 8)
    if (part.length < 24) continue
    const base = Number(part.readBigUInt64LE(12))
    const entries = Math.min(part.readUInt32LE(4), Math.floor((part.length - 24) / 8))
    for (let entry = 0; entry < entries; entry++) {
      const place = 24 + entry * 8
      const length = part.readUInt32LE(place + 4)
      const chunk = { at: base + part.readUInt32LE(place), size: length & 0x7fffffff, isKey: length < 0x80000000 }
      addChunk(stream, chunk)
    }
  }
}

interface Reading {
  streams: readonly Stream[]
  from: number
  wanted: ReadonlySet<number>
}

/** The key frame with which everything that is shown from a moment on can be decoded. */
async function keyBefore(bytes: FilmBytes, { chunks, split }: Stream, from: number): Promise<number> {
  const before = (index: number) => {
    let key = Math.max(0, index)
    while (key > 0 && chunks[key]?.isKey !== true) key--
    return key
  }
  const times = chunks.map(({ seconds }) => seconds)
  const key = before(lastAtMost(times, from + 1e-3))
  const { at, size, seconds } = chunks[key] as Chunk
  const isNear = from > seconds + 1e-3 && from < (chunks[key + MOST_HELD]?.seconds ?? Number.POSITIVE_INFINITY)
  if (!isNear || key === 0 || split === null || size > MAX_CHUNK_BYTES) return key
  // Behind a key frame may lie pictures that are shown before it and look back at the ones before.
  return isInstant(split(await bytes.read(at, size))) ? key : before(key - 1)
}

async function* readFrom(bytes: FilmBytes, { streams, from, wanted }: Reading): AsyncGenerator<FilmPacket> {
  const picture = streams.find(({ track }) => track.kind === 'video' && wanted.has(track.id))
  const key = picture === undefined ? 0 : await keyBefore(bytes, picture, from)
  const start = picture === undefined ? from - 1 : Math.min(from, picture.chunks[key]?.seconds ?? 0)
  const heads = streams
    .filter(({ track }) => wanted.has(track.id))
    .map(stream => {
      const next =
        stream === picture
          ? key
          : Math.max(
              0,
              lastAtMost(
                stream.chunks.map(({ seconds }) => seconds),
                start,
              ),
            )
      return { stream, next, packets: new AviPackets(stream.track, stream.split ?? undefined) }
    })
  for (;;) {
    const open = heads.filter(({ stream, next }) => next < stream.chunks.length)
    if (open.length === 0) break
    const first = open.reduce((a, b) =>
      (a.stream.chunks[a.next]?.seconds ?? 0) <= (b.stream.chunks[b.next]?.seconds ?? 0) ? a : b,
    )
    const chunk = first.stream.chunks[first.next++] as Chunk
    const data = chunk.size > MAX_CHUNK_BYTES ? Buffer.alloc(0) : await bytes.read(chunk.at, chunk.size)
    // A file may be cut off.
    if (data.length < chunk.size) break
    yield* first.packets.push({ ...chunk, data })
  }
  for (const { packets } of heads) yield* packets.end()
}
