import { describeAudio, describeVideo } from '../../ts/codec-strings'
import type { ElementaryStream } from '../../ts/psi'
import { blankTrack, type Film, type FilmPacket, type FilmTrack } from '../film'
import { buildConfig, splitUnits } from './annex-b'
import { splitAdts, splitMpegAudio } from './audio-frames'
import { matroskaIdOf } from './codec-names'
import type { FilmBytes } from './film-bytes'
import { isM2ts } from './m2ts'
import { shownWidth } from './mpeg2-header'
import { isRead, type RawUnit, secondsBetween, TsDemuxer, UnitReader } from './ts-demuxer'

/** Looked at from the beginning: a few groups of pictures of any broadcast. */
const HEAD_BYTES = 6 * 2 ** 20
const HEAD_SECONDS = 6
const CHUNK = 128 * 1024
const TAIL_BYTES = 4 * 2 ** 20
const MAX_PLACES = 40_000
/** Reading over so much is quicker than another search. */
const NEAR_SECONDS = 6

interface Layout {
  streams: ElementaryStream[]
  isM2ts: boolean
  leading: number
  base: number
  duration: number
  /** Seconds between key frames, as seen at the beginning. */
  distance: number
  /** Where pictures began that were read before, so that going on needs no search. */
  places: Place[]
}

interface Place {
  seconds: number
  at: number
}

/** Reads the beginning and the end of a transport stream. Null for any other file. */
export async function openTs(bytes: FilmBytes): Promise<Film | null> {
  const head = await bytes.read(0, 188 * 16 + 4)
  const hasTimes = isM2ts(head, 0)
  if (!hasTimes && ![0, 1, 2, 3, 4].every(n => head[n * 188] === 0x47)) return null
  const demuxer = new TsDemuxer([], hasTimes)
  const units: RawUnit[] = []
  for (let at = 0; at < Math.min(bytes.size, HEAD_BYTES); at += CHUNK) {
    units.push(...demuxer.push(await bytes.read(at, CHUNK)))
    if (isEnough(demuxer.streams, units)) break
  }
  const streams = demuxer.streams.filter(isRead)
  const leading = streams.find(({ kind }) => kind === 'video') ?? streams.find(({ kind }) => kind === 'audio')
  const first = units.find(unit => unit.stream.pid === leading?.pid && unit.isKey && unit.pts !== null)
  if (leading === undefined || first === undefined || first.pts === null) return null
  const base = first.pts
  const keys = units.filter(unit => unit.stream.pid === leading.pid && unit.isKey && unit.pts !== null)
  const times = keys.map(({ pts }) => secondsBetween(base, pts ?? base))
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
  const distance = gaps.length === 0 ? 8 : Math.max(...gaps)
  const duration = await findEnd(bytes, { streams, isM2ts: hasTimes, leading: leading.pid, base })
  const layout: Layout = { streams, isM2ts: hasTimes, leading: leading.pid, base, duration, distance, places: [] }
  return {
    container: 'mpegts',
    duration,
    tracks: streams.flatMap(stream => (stream.text === null ? [describeStream(stream, units)] : describeText(stream))),
    chapters: [],
    keyTimes: null,
    keySeconds: distance,
    isCopyable: true,
    read: (source, from, wanted) => readFrom(source, { layout, from, wanted }),
  }
}

function isEnough(streams: readonly ElementaryStream[], units: readonly RawUnit[]): boolean {
  const video = streams.find(({ kind }) => kind === 'video')
  if (streams.length === 0) return false
  const stamped = units.filter(({ stream, pts }) => pts !== null && stream.pid === (video ?? streams[0])?.pid)
  const keys = stamped.filter(({ isKey }) => isKey)
  const span = secondsBetween(stamped[0]?.pts ?? 0, stamped.at(-1)?.pts ?? 0)
  return (
    (span > HEAD_SECONDS || keys.length > 3) &&
    streams.every(({ pid, kind }) => kind === 'other' || units.some(u => u.stream.pid === pid))
  )
}

function describeStream(stream: ElementaryStream, units: readonly RawUnit[]): FilmTrack {
  const own = units.filter(unit => unit.stream.pid === stream.pid)
  const base: FilmTrack = {
    ...blankTrack,
    id: stream.pid,
    kind: stream.kind === 'video' ? 'video' : 'audio',
    codec: stream.codec ?? 'unknown',
    matroska: { id: matroskaIdOf(stream.codec ?? '') ?? 'unknown', config: null },
    language: stream.language,
    isDefault: stream.kind === 'video',
  }
  return stream.kind === 'video' ? describePicture(base, own) : describeSound(base, own)
}

/** Places in a track's number above those of the stream: one stream may carry several languages. */
const SERVICE = 0x10000

function describeText({ pid, text }: ElementaryStream): FilmTrack[] {
  return (text?.services ?? []).map(({ language, page, isForDeaf }, index): FilmTrack => {
    const config = Buffer.alloc(4)
    config.writeUInt32BE(page)
    return {
      ...blankTrack,
      id: pid + index * SERVICE,
      kind: 'subtitle',
      codec: text?.codec ?? 'unknown',
      matroska: { id: matroskaIdOf(text?.codec ?? '') ?? 'unknown', config },
      language,
      isForDeaf,
    }
  })
}

function describePicture(track: FilmTrack, units: readonly RawUnit[]): FilmTrack {
  const { codec } = track
  const times = units.flatMap(({ pts }) => (pts === null ? [] : [secondsBetween(units[0]?.pts ?? 0, pts)])).sort((a, b) => a - b)
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0)
  const frameRate = span > 0.5 ? Math.round(((times.length - 1) / span) * 1_000) / 1_000 : null
  const key = units.find(({ isKey }) => isKey)
  if (key === undefined || (codec !== 'h264' && codec !== 'hevc' && codec !== 'mpeg2video')) return { ...track, frameRate }
  const sets = splitUnits(key.data)
  const { width, height, frameRate: said, isHdr } = describeVideo(codec, sets)
  const shape = { ...track, frameRate: frameRate ?? said, width, height, isHdr }
  if (codec === 'mpeg2video') return { ...shape, displayWidth: shownWidth(key.data, width, height) }
  // Behind the first key frame's own: sets that only later pictures bring, or name.
  const known = [...sets, ...units.flatMap(({ data }) => splitUnits(data))]
  return { ...shape, displayWidth: width, matroska: { ...track.matroska, config: buildConfig(codec, known) } }
}

function describeSound(track: FilmTrack, units: readonly RawUnit[]): FilmTrack {
  const data = Buffer.concat(units.slice(0, 8).map(unit => unit.data))
  const { codec } = describeAudio(track.codec as 'aac', data)
  const { shape } = codec === 'aac' ? splitAdts(data) : splitMpegAudio(data)
  const isKnown = codec === 'aac' || codec === 'mp2' || codec === 'mp3'
  return {
    ...track,
    codec,
    matroska: { id: matroskaIdOf(codec) ?? track.matroska.id, config: isKnown ? (shape?.config ?? null) : null },
    channels: isKnown ? (shape?.channels ?? null) : null,
    sampleRate: isKnown ? (shape?.sampleRate ?? null) : null,
  }
}

async function findEnd(bytes: FilmBytes, at: Pick<Layout, 'streams' | 'isM2ts' | 'leading' | 'base'>): Promise<number> {
  for (const back of [512 * 1024, TAIL_BYTES]) {
    const from = Math.max(0, bytes.size - back)
    const demuxer = new TsDemuxer(at.streams, at.isM2ts)
    const units = [...demuxer.push(await bytes.read(from, back)), ...demuxer.flush()]
    const times = units.flatMap(({ stream, pts }) =>
      pts === null || stream.pid !== at.leading ? [] : [secondsBetween(at.base, pts)],
    )
    if (times.length > 1) return Math.max(...times) + 0.04
  }
  return 0
}

interface Reading {
  layout: Layout
  from: number
  wanted: ReadonlySet<number>
}

async function* readFrom(bytes: FilmBytes, { layout, from, wanted }: Reading): AsyncGenerator<FilmPacket> {
  const start = await findPlace(bytes, layout, from - layout.distance - 1)
  const demuxer = new TsDemuxer(layout.streams, layout.isM2ts)
  const reader = new UnitReader(layout.base)
  let began: number | null = null
  for (let at = start; at < bytes.size; at += CHUNK) {
    for (const unit of demuxer.push(await bytes.read(at, CHUNK))) {
      if (unit.stream.pid === layout.leading) {
        if (began !== null && unit.pts !== null) remember(layout, { seconds: secondsBetween(layout.base, unit.pts), at: began })
        // One picture ends where the next begins.
        began = at
      }
      yield* readUnit(reader, unit, wanted)
    }
  }
  for (const unit of demuxer.flush()) yield* readUnit(reader, unit, wanted)
}

/** What a unit is to each of the tracks that are wanted of its stream. */
function readUnit(reader: UnitReader, unit: RawUnit, wanted: ReadonlySet<number>): FilmPacket[] {
  const tracks = [...wanted].filter(track => track % SERVICE === unit.stream.pid)
  if (tracks.length === 0) return []
  return reader.read(unit).flatMap(packet => tracks.map(track => ({ ...packet, track })))
}

/** Keeps one place a second. */
function remember({ places }: Layout, place: Place): void {
  const index = lastPlace(places, place.seconds)
  const [before, after] = [places[index], places[index + 1]]
  if (before !== undefined && place.seconds - before.seconds < 1) return
  if (after !== undefined && after.seconds - place.seconds < 1) return
  if (places.length < MAX_PLACES) places.splice(index + 1, 0, place)
}

/** The last place that is not behind the moment; -1 when all are. */
function lastPlace(places: readonly Place[], seconds: number): number {
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((places[middle]?.seconds ?? 0) <= seconds) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** A place in the file that comes before the moment, found by halving. */
async function findPlace(bytes: FilmBytes, layout: Layout, seconds: number): Promise<number> {
  if (seconds <= 0) return 0
  const known = layout.places[lastPlace(layout.places, seconds)]
  if (known !== undefined && seconds - known.seconds < NEAR_SECONDS) return known.at
  let [low, high] = [0, bytes.size]
  for (let step = 0; step < 24 && high - low > 2 ** 20; step++) {
    const guess =
      step < 3 && layout.duration > 0 ? Math.floor(bytes.size * Math.min(0.999, seconds / layout.duration)) - step * 2 ** 20 : 0
    const middle = guess > low && guess < high ? guess : Math.floor((low + high) / 2)
    const time = await timeAt(bytes, layout, middle)
    if (time === null || time > seconds) high = middle
    else {
      low = middle
      // Near enough: a few seconds more are read in no time, another question to the provider takes longer.
      if (seconds - time < 3) break
    }
  }
  return low
}

async function timeAt(
  bytes: FilmBytes,
  { streams, isM2ts: hasTimes, leading, base }: Layout,
  at: number,
): Promise<number | null> {
  const demuxer = new TsDemuxer(streams, hasTimes)
  for (let read = 0; read < 8; read++) {
    const units = demuxer.push(await bytes.read(at + read * CHUNK, CHUNK))
    const found = units.find(({ stream, pts }) => stream.pid === leading && pts !== null)
    if (found?.pts != null) return secondsBetween(base, found.pts)
  }
  return null
}
