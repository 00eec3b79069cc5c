import type { Chapter, Film, FilmPacket } from '../film'
import type { FilmBytes } from './film-bytes'
import { findBox, listBoxes } from './mp4-boxes'
import { lastAtMost } from './mp4-samples'
import { type Mp4Track, readMp4Track } from './mp4-tracks'

/** The tables of the longest film with many tracks. */
const MAX_MOOV = 96 * 2 ** 20
const MAX_BOXES = 64
const MAX_TRACKS = 64
/** One picture larger than this is none. */
const MAX_SAMPLE_BYTES = 32 * 2 ** 20
/** Sound is stored up to so many seconds away from its picture. */
const BEFORE = 1

/** Reads the tables of an MP4 or QuickTime file. Null for any other, and for one in fragments, which has no tables. */
export async function openMp4(bytes: FilmBytes): Promise<Film | null> {
  const moov = await findMovie(bytes)
  if (moov === null || findBox(moov, 'mvex') !== null) return null
  const mvhd = findBox(moov, 'mvhd')
  if (mvhd === null) return null
  const movieScale = mvhd.readUInt32BE(mvhd[0] === 1 ? 20 : 12) || 1_000
  const traks = listBoxes(moov).filter(({ type }) => type === 'trak')
  const read = traks.slice(0, MAX_TRACKS).map(({ body }) => readMp4Track(body, movieScale))
  const all = read.filter(track => track !== null)
  const chapterIds = new Set(all.flatMap(({ chapterTracks }) => chapterTracks))
  const tracks = all.filter(({ track }) => !chapterIds.has(track.id))
  if (tracks.length === 0) return null
  const leading = tracks.find(({ track }) => track.kind === 'video') ?? (tracks[0] as Mp4Track)
  const titles = all.find(({ track }) => chapterIds.has(track.id) && track.kind === 'subtitle')
  return {
    container: 'mp4',
    duration: Math.max(...tracks.filter(({ track }) => track.kind !== 'subtitle').map(({ duration }) => duration)),
    tracks: tracks.map(({ track }) => track),
    chapters: titles === undefined ? [] : await readChapters(bytes, titles),
    keyTimes: keyTimesOf(leading),
    keySeconds: null,
    isCopyable: true,
    read: (source, from, wanted) => readFrom(source, { tracks, leading, from, wanted }),
  }
}

async function findMovie(bytes: FilmBytes): Promise<Buffer | null> {
  let at = 0
  for (let count = 0; count < MAX_BOXES; count++) {
    const head = await bytes.read(at, 16)
    if (head.length < 8) return null
    const type = head.toString('latin1', 4, 8)
    if (!/^[a-zA-Z0-9 ©]{4}$/.test(type)) return null
    const short = head.readUInt32BE(0)
    const size = short === 1 ? Number(head.readBigUInt64BE(8)) : short === 0 ? bytes.size - at : short
    if (size < 8 || (count === 0 && !['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot'].includes(type))) return null
    if (type === 'moof') return null
    if (type === 'moov') {
      const whole = size > MAX_MOOV ? null : await bytes.read(at, size)
      return whole === null || whole.length < size ? null : (listBoxes(whole)[0]?.body ?? null)
    }
    at += size
  }
  return null
}

function keyTimesOf({ samples }: Mp4Track): number[] | null {
  if (samples.keys === null) return null
  return [...samples.keys].map(key => samples.shown[key] ?? 0).sort((a, b) => a - b)
}

interface Reading {
  tracks: readonly Mp4Track[]
  leading: Mp4Track
  from: number
  wanted: ReadonlySet<number>
}

/** Samples of all tracks by their time of decoding: each moment's bytes lie together in any sensible file. */
async function* readFrom(bytes: FilmBytes, { tracks, leading, from, wanted }: Reading): AsyncGenerator<FilmPacket> {
  const isPictureWanted = wanted.has(leading.track.id) && leading.track.kind === 'video'
  const begin = isPictureWanted ? keyBefore(leading, from) : null
  const start = begin === null ? from : Math.min(from, leading.samples.decoded[begin] as number)
  const heads = tracks
    .filter(({ track }) => wanted.has(track.id))
    .map(each => ({ ...each, next: each === leading && begin !== null ? begin : firstAt(each, start - BEFORE) }))
  for (;;) {
    let first: (typeof heads)[number] | null = null
    for (const head of heads) {
      if (head.next >= head.samples.count) continue
      const time = head.samples.decoded[head.next] as number
      if (first === null || time < (first.samples.decoded[first.next] as number)) first = head
    }
    if (first === null) return
    const { samples, track, next } = first
    first.next++
    if ((samples.sizes[next] as number) > MAX_SAMPLE_BYTES) return
    const data = await bytes.read(samples.offsets[next] as number, samples.sizes[next] as number)
    if (data.length < (samples.sizes[next] as number)) return
    const after =
      samples.decoded[next + 1] ??
      (samples.decoded[next] as number) + ((samples.decoded[next] as number) - (samples.decoded[next - 1] ?? 0))
    yield {
      track: track.id,
      pts: samples.shown[next] as number,
      duration: after - (samples.decoded[next] as number),
      isKey: samples.keys === null || samples.keys[Math.max(0, lastAtMost(samples.keys, next))] === next,
      data,
    }
  }
}

function firstAt({ samples, track }: Mp4Track, seconds: number): number {
  const before = Math.max(0, lastAtMost(samples.decoded, seconds))
  // A line of text is shown for longer than sound or picture lasts: what began before may still be there.
  return track.kind === 'subtitle' ? Math.max(0, before - 2) : before
}

/** The key sample shown at or before the moment. */
function keyBefore({ samples }: Mp4Track, from: number): number {
  const { keys, shown } = samples
  if (keys === null) return Math.max(0, lastAtMost(samples.decoded, from))
  let [low, high] = [0, keys.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((shown[keys[middle] as number] as number) <= from + 1e-3) low = middle + 1
    else high = middle
  }
  return keys[Math.max(0, low - 1)] ?? 0
}

async function readChapters(bytes: FilmBytes, { samples }: Mp4Track): Promise<Chapter[]> {
  const chapters: Chapter[] = []
  for (let index = 0; index < Math.min(samples.count, 200); index++) {
    const text = await bytes.read(samples.offsets[index] as number, Math.min(samples.sizes[index] as number, 1_024))
    const length = text.length >= 2 ? text.readUInt16BE(0) : 0
    chapters.push({ startSeconds: samples.shown[index] as number, title: text.toString('utf8', 2, 2 + length) })
  }
  return chapters
}
