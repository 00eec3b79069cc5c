import type { Chapter, Film, FilmPacket } from '../film'
import { ByteCursor } from './byte-cursor'
import { type Element, gatherElements, listElements, readFloat, readText, readUnsigned, takeElement } from './ebml'
import type { FilmBytes } from './film-bytes'
import { MatroskaBlocks } from './matroska-blocks'
import { el } from './matroska-ids'
import { type MatroskaTrack, readTrack } from './matroska-tracks'

/** Indexes and lists larger than this are no honest ones. */
const MAX_PART = 48 * 2 ** 20
/** Parts before the first cluster that are looked at. */
const MAX_PARTS = 64
/** Encoders put at least one key frame into so many seconds. */
const UNKNOWN_KEY_SECONDS = 10

interface Cue {
  seconds: number
  at: number
}

interface Layout {
  segmentStart: number
  firstCluster: number
  scale: number
  duration: number
  tracks: MatroskaTrack[]
  chapters: Chapter[]
  cues: Cue[]
}

/** Reads what a Matroska or WebM file says about itself. Null when it is none. */
export async function openMatroska(bytes: FilmBytes): Promise<Film | null> {
  const cursor = new ByteCursor(bytes, 0)
  const head = await takeElement(cursor)
  if (head?.id !== el.ebml || head.end > 4_096) return null
  const docType = readText(gatherElements(await cursor.take(head.end - head.start)).get(el.docType)?.[0])
  const segment = await takeElement(cursor)
  if (segment?.id !== el.segment) return null
  const layout = await readLayout(bytes, segment)
  if (layout.firstCluster === -1 || layout.tracks.length === 0) return null
  const tracks = layout.tracks.map(({ track }) => track)
  const keyTimes = layout.cues.length > 1 ? layout.cues.map(({ seconds }) => seconds) : null
  const duration = layout.duration > 0 ? layout.duration : await findEnd(bytes, layout)
  return {
    container: docType === 'webm' ? 'webm' : 'matroska',
    duration,
    tracks,
    chapters: layout.chapters,
    keyTimes,
    keySeconds: keyTimes === null ? UNKNOWN_KEY_SECONDS : null,
    isCopyable: !tracks.some(({ kind, matroska }) => kind === 'video' && matroska.id === 'V_MS/VFW/FOURCC'),
    read: (source, from, wanted) => readFrom(source, { layout, from, wanted, duration }),
  }
}

async function readLayout(bytes: FilmBytes, segment: Element): Promise<Layout> {
  const layout: Layout = {
    segmentStart: segment.start,
    firstCluster: -1,
    scale: 1e-3,
    duration: 0,
    tracks: [],
    chapters: [],
    cues: [],
  }
  const cursor = new ByteCursor(bytes, segment.start)
  const known = new Map<number, number>()
  const seen = new Set<number>()
  for (let part = 0; part < MAX_PARTS; part++) {
    const element = await takeElement(cursor)
    if (element === null) break
    if (element.id === el.cluster) {
      layout.firstCluster = element.start - (await headLength(bytes, element))
      break
    }
    seen.add(element.id)
    const isRead = [el.seekHead, el.info, el.tracks, el.cues, el.chapters].some(id => id === element.id)
    if (isRead && element.end - element.start <= MAX_PART) {
      readPart(layout, known, { id: element.id, body: await cursor.peek(element.end - element.start) })
    }
    cursor.at = element.end
  }
  for (const id of [el.tracks, el.info, el.cues, el.chapters]) {
    const at = known.get(id)
    if (seen.has(id) || at === undefined || at >= bytes.size) continue
    const later = new ByteCursor(bytes, at)
    const element = await takeElement(later)
    if (element?.id !== id || element.end - element.start > MAX_PART) continue
    readPart(layout, known, { id, body: await later.peek(element.end - element.start) })
  }
  return layout
}

/** A cluster's name has four bytes; its size as many as the writer liked. */
async function headLength(bytes: FilmBytes, { start }: Element): Promise<number> {
  for (let length = 5; length <= 12; length++) {
    const head = await bytes.read(start - length, 4)
    if (head.length === 4 && head.readUInt32BE(0) === el.cluster) return length
  }
  return 12
}

function readPart(layout: Layout, known: Map<number, number>, { id, body }: { id: number; body: Buffer }): void {
  const found = gatherElements(body)
  if (id === el.seekHead) {
    for (const seek of found.get(el.seek) ?? []) {
      const entry = gatherElements(seek)
      const target = readUnsigned(entry.get(el.seekId)?.[0])
      const at = readUnsigned(entry.get(el.seekPosition)?.[0])
      if (target !== null && at !== null) known.set(target, layout.segmentStart + at)
    }
  } else if (id === el.info) {
    layout.scale = (readUnsigned(found.get(el.timestampScale)?.[0]) ?? 1e6) / 1e9
    layout.duration = (readFloat(found.get(el.duration)?.[0]) ?? 0) * layout.scale
  } else if (id === el.tracks) {
    layout.tracks = (found.get(el.trackEntry) ?? []).map(readTrack).filter(track => track !== null)
  } else if (id === el.cues) {
    layout.cues = readCues(layout, found.get(el.cuePoint) ?? [])
  } else if (id === el.chapters) {
    layout.chapters = readChapters(found.get(el.editionEntry)?.[0])
  }
}

function readCues({ tracks, scale, segmentStart }: Layout, points: readonly Buffer[]): Cue[] {
  const leading = (tracks.find(({ track }) => track.kind === 'video') ?? tracks[0])?.track.id
  const cues: Cue[] = []
  for (const point of points) {
    const entry = gatherElements(point)
    const time = readUnsigned(entry.get(el.cueTime)?.[0])
    for (const position of entry.get(el.cuePositions) ?? []) {
      const place = gatherElements(position)
      const at = readUnsigned(place.get(el.cueCluster)?.[0])
      if (time === null || at === null || readUnsigned(place.get(el.cueTrack)?.[0]) !== leading) continue
      cues.push({ seconds: time * scale, at: segmentStart + at })
    }
  }
  cues.sort((a, b) => a.seconds - b.seconds)
  return cues.filter(({ seconds }, index) => index === 0 || seconds > (cues[index - 1]?.seconds ?? -1))
}

function readChapters(edition: Buffer | undefined): Chapter[] {
  if (edition === undefined) return []
  const chapters: Chapter[] = []
  for (const { id, body } of listElements(edition)) {
    if (id !== el.chapterAtom) continue
    const atom = gatherElements(body)
    const start = readUnsigned(atom.get(el.chapterStart)?.[0])
    const display = atom.get(el.chapterDisplay)?.[0]
    const title = display === undefined ? null : readText(gatherElements(display).get(el.chapterString)?.[0])
    if (start !== null) chapters.push({ startSeconds: start / 1e9, title: title ?? '' })
  }
  return chapters.slice(0, 200)
}

interface Reading {
  layout: Layout
  from: number
  wanted: ReadonlySet<number>
  duration: number
}

async function* readFrom(bytes: FilmBytes, { layout, from, wanted, duration }: Reading): AsyncGenerator<FilmPacket> {
  const at = layout.cues.length > 1 ? cueBefore(layout, from) : await bisect(bytes, { layout, from, wanted, duration })
  const tracks = new Map(layout.tracks.filter(({ track }) => wanted.has(track.id)).map(each => [each.track.id, each]))
  const blocks = new MatroskaBlocks({ tracks, scale: layout.scale })
  yield* blocks.read(new ByteCursor(bytes, at))
}

function cueBefore({ cues, firstCluster }: Layout, from: number): number {
  const next = cues.findIndex(({ seconds }) => seconds > from + 1e-3)
  const cue = next === -1 ? cues.at(-1) : cues[next - 1]
  return cue?.at ?? firstCluster
}

/** Without an index: the last cluster that begins some time before the moment, found by halving. */
async function bisect(bytes: FilmBytes, { layout, from }: Reading): Promise<number> {
  let [low, high] = [layout.firstCluster, bytes.size]
  // Key frames may lie far apart; what comes too early is left out by whoever reads.
  const target = from - 12
  for (let step = 0; step < 24 && high - low > 2 ** 20; step++) {
    const middle = Math.floor((low + high) / 2)
    const cluster = await nextCluster(bytes, middle, high)
    if (cluster === null || cluster.seconds * layout.scale > target) high = middle
    else low = cluster.at
  }
  return low
}

/** The first cluster from a place on, with its time in the file's own unit. */
async function nextCluster(bytes: FilmBytes, from: number, to: number): Promise<{ at: number; seconds: number } | null> {
  const mark = Buffer.from([0x1f, 0x43, 0xb6, 0x75])
  for (let at = from; at < to && at - from < 8 * 2 ** 20; at += 128 * 1024 - 3) {
    const window = await bytes.read(at, 128 * 1024)
    for (let found = window.indexOf(mark); found !== -1; found = window.indexOf(mark, found + 1)) {
      const cursor = new ByteCursor(bytes, at + found)
      const cluster = await takeElement(cursor)
      const first = cluster === null ? null : await findTimestamp(cursor)
      if (first === null) continue
      return { at: at + found, seconds: readUnsigned(await cursor.take(first.end - first.start)) ?? 0 }
    }
  }
  return null
}

/** The time of a cluster stands at its beginning, sometimes behind a checksum. */
async function findTimestamp(cursor: ByteCursor): Promise<Element | null> {
  for (let tries = 0; tries < 3; tries++) {
    const element = await takeElement(cursor)
    if (element === null || element.end - element.start > 8) return null
    if (element.id === el.clusterTimestamp) return element
    cursor.at = element.end
  }
  return null
}

/** How long a film is that does not say so: the last cluster's time. */
async function findEnd(bytes: FilmBytes, layout: Layout): Promise<number> {
  const last = layout.cues.at(-1)
  if (last !== undefined) return last.seconds + 5
  for (let back = 2 ** 20; back <= 32 * 2 ** 20; back *= 4) {
    let seconds: number | null = null
    let at = Math.max(layout.firstCluster, bytes.size - back)
    for (
      let cluster = await nextCluster(bytes, at, bytes.size);
      cluster !== null;
      cluster = await nextCluster(bytes, at, bytes.size)
    ) {
      seconds = cluster.seconds * layout.scale
      at = cluster.at + 4
    }
    if (seconds !== null) return (await lastTime(bytes, layout, seconds)) + 0.04
  }
  return 0
}

/** The last packet's time, read on from a cluster near the end. */
async function lastTime(bytes: FilmBytes, layout: Layout, from: number): Promise<number> {
  const wanted = new Set(layout.tracks.map(({ track }) => track.id))
  let last = from
  for await (const { pts } of readFrom(bytes, { layout, from: from + 12, wanted, duration: 0 })) last = Math.max(last, pts)
  return last
}
