import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FilmPiece, FilmStream } from '@/lib/playback'
import type { Capabilities } from '@/lib/playback/schema'
import { prepareFormatFilms } from '../fakes/provider/film-files.ts'
import { formatFilmId } from '../fakes/provider/film-recipes.ts'
import { startWorld, type World } from './harness'
import { createWorld } from './playback-world'
import { readQualities, readSegments } from './read-playlist'

const chromium: Capabilities = { video: ['h264'], audio: ['aac', 'mp3'], containers: ['mp4'] }
const films = ['main10.mkv', 'plain.mp4', 'flac.mkv', 'mpeg2.ts', 'film-rate.mkv', 'fifty.mkv', 'anamorphic.mkv', 'surround.mkv']
let world: World
let work = ''

const rooms = async () => ({
  playback: await import('@/lib/playback'),
  plans: await import('@/lib/playback/session-plans'),
  database: await import('@/lib/platform/db'),
})

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'watchtheflix-qualities-'))
  await prepareFormatFilms(work, films)
  world = await startWorld({ mediaDir: work, env: { TRANSCODE_CORES: '8' } })
}, 120_000)

afterAll(async () => {
  await world.end()
  rmSync(work, { recursive: true, force: true })
})

const soon = () => AbortSignal.timeout(30_000)
const bytesOf = (piece: FilmPiece) => ('bytes' in piece ? piece.bytes : Buffer.from(piece.text))
const textOf = async (film: FilmStream, name: string) => bytesOf(await film.open(name, soon())).toString()

test('a film in several qualities: other parsers agree with the playlist, and no segment is larger than it says', async () => {
  const { playback } = await rooms()
  const chief = await world.makeViewer({ role: 'admin' })
  const about = [{ kind: 'movie' as const, ids: [formatFilmId('main10.mkv')], container: 'mkv' }]
  const { viewer, item } = await createWorld(world.providerUrl, 1, about, 'formats')
  const openAt = async (kilobits: number) => {
    const qualities = [
      { height: 144, kilobits },
      { height: 720, kilobits: 1_500 },
    ]
    await playback.updateConversionSettings(chief, { ladder: 'converting', qualities })
    const view = await playback.openPlayback(viewer, { itemId: item(0).id, capabilities: chromium })
    const film = await playback.streamAccess('page').film(view.url.split('/')[3] ?? '')
    return { view, film, qualities: readQualities(await textOf(film, 'index.m3u8')) }
  }
  const { film, view, qualities } = await openAt(1_000)
  expect(view.decision.mode).toBe('ladder')
  expect(qualities.map(({ uri, size, codecs }) => [uri, size, codecs])).toEqual([
    ['v180.m3u8', '320x180', 'avc1.640028,mp4a.40.2'],
    ['v144.m3u8', '256x144', 'avc1.640028,mp4a.40.2'],
  ])
  for (const { uri, bandwidth, average } of qualities) {
    expect(average).toBeLessThanOrEqual(bandwidth)
    const segments = readSegments(await textOf(film, uri))
    expect(segments).toHaveLength(6)
    for (const { uri: segment, duration } of segments) {
      const { length } = bytesOf(await film.open(segment, soon()))
      expect((length * 8) / duration, segment).toBeLessThanOrEqual(bandwidth)
    }
  }
  const sizeOf = async (made: FilmStream) => bytesOf(await made.open('v144-0.m4s', soon())).length
  const before = await sizeOf(film)
  await (await rooms()).plans.forgetPlan(view.sessionId)
  // What was made at one rate is not sent for another.
  const other = await openAt(100)
  expect((qualities[1]?.bandwidth ?? 0) - (other.qualities[1]?.bandwidth ?? 0)).toBe(900_000 * 1.4)
  expect(await sizeOf(other.film)).toBeLessThan(before)
})

test('a film keeps the qualities that it was opened in, whichever process serves it; one opened before that was kept has those of now', async () => {
  const { playback, plans, database } = await rooms()
  const chief = await world.makeViewer({ role: 'admin' })
  const about = [{ kind: 'movie' as const, ids: [formatFilmId('main10.mkv')], container: 'mkv' }]
  const { viewer, item } = await createWorld(world.providerUrl, 1, about, 'formats')
  const setQuality = (height: number) =>
    playback.updateConversionSettings(chief, {
      ladder: 'always',
      qualities: [180, height].map(lines => ({ height: lines, kilobits: 300 })),
    })
  await setQuality(144)
  const { sessionId, url } = await playback.openPlayback(viewer, { itemId: item(0).id, capabilities: chromium })
  const namesNow = async () => {
    await plans.forgetPlan(sessionId)
    const film = await playback.streamAccess('page').film(url.split('/')[3] ?? '')
    return readQualities(await textOf(film, 'index.m3u8')).map(({ uri }) => uri)
  }
  await setQuality(160)
  expect(await namesNow()).toEqual(['v180.m3u8', 'v144.m3u8'])
  await database.db().playbackSession.update({
    where: { id: sessionId },
    data: { asked: { capabilities: chromium, wishes: {}, isInBand: false } },
  })
  expect(await namesNow()).toEqual(['v180.m3u8', 'v160.m3u8'])
})

interface Shown {
  size: string
  codec: string
  rate: number
  /** Seconds of the first picture and of the last one's end, and how many key frames there are. */
  from: number
  to: number
  keys: number
}

/** What FFmpeg finds in the beginning of a rendition with one segment behind it. */
async function lookAt(film: FilmStream, rendition: string, segment: string): Promise<Shown> {
  const init = bytesOf(await film.open(`${rendition}-init.mp4`, soon()))
  const file = join(work, 'piece.mp4')
  writeFileSync(file, Buffer.concat([init, bytesOf(await film.open(segment, soon()))]))
  const args = ['-v', 'error', '-of', 'json', '-show_streams', '-show_packets', file]
  const { stdout } = await promisify(execFile)('ffprobe', args)
  const { streams, packets } = JSON.parse(stdout)
  const [about] = streams
  const [pictures = 0, seconds = 1] = about.avg_frame_rate.split('/').map(Number)
  const times = packets.map((one: Record<string, string>) => Number(one.pts_time))
  const at = init.indexOf('avcC') + 5
  return {
    size: `${about.width}x${about.height}`,
    codec: `avc1.${init.toString('hex', at, at + 3)}`,
    rate: pictures / seconds,
    from: Math.min(...times),
    to: Math.max(...times) + Number(packets.at(-1).duration_time),
    keys: packets.filter(({ flags }: { flags: string }) => flags.includes('K')).length,
  }
}

const largest = (sizes: readonly number[]) => Math.max(0, ...sizes)

test.each(films)(
  'what is told of %s in several qualities is what is sent',
  async name => {
    const { playback, plans } = await rooms()
    const chief = await world.makeViewer({ role: 'admin' })
    const about = [{ kind: 'movie' as const, ids: [formatFilmId(name)], container: name.split('.')[1] ?? '' }]
    const { viewer, item } = await createWorld(world.providerUrl, 1, about, 'formats')
    await playback.updateConversionSettings(chief, {
      ladder: 'always',
      qualities: [288, 144].map(height => ({ height, kilobits: 150 })),
    })
    const capabilities: Capabilities = { ...chromium, audio: ['aac', 'flac', 'ac3'] }
    const view = await playback.openPlayback(viewer, { itemId: item(0).id, capabilities })
    expect(view.decision.mode).toBe('ladder')
    const film = await playback.streamAccess('page').film(view.url.split('/')[3] ?? '')
    const qualities = readQualities(await textOf(film, 'index.m3u8'))
    expect(qualities).toHaveLength(2)
    const sounds = readSegments(await textOf(film, 'a0.m3u8'))
    const heard = await Promise.all(sounds.map(async ({ uri }) => bytesOf(await film.open(uri, soon())).length))
    const begins: number[][] = []
    for (const { uri, bandwidth, codecs, size, frameRate } of qualities) {
      const rendition = uri.split('.')[0] ?? ''
      const segments = readSegments(await textOf(film, uri))
      expect(segments).toHaveLength(sounds.length)
      const bits: number[] = []
      for (const [at, { uri: segment, duration }] of segments.entries())
        bits.push(((bytesOf(await film.open(segment, soon())).length + (heard[at] ?? 0)) * 8) / duration)
      expect(largest(bits)).toBeLessThanOrEqual(bandwidth)
      const pieces = []
      for (const { uri: segment } of segments.slice(0, 3)) pieces.push(await lookAt(film, rendition, segment))
      begins.push(pieces.map(({ from }) => from))
      for (const piece of pieces) {
        expect([piece.size, piece.codec]).toEqual([size, codecs.split(',')[0]])
        expect(Math.abs(piece.rate - (frameRate ?? 0)), `${piece.rate} pictures a second, ${frameRate} told`).toBeLessThan(0.3)
        expect(piece.keys).toBeGreaterThan(0)
      }
      process.stdout.write(
        `MEASURED ${name} ${size}: the richest segment takes ${Math.round((largest(bits) / bandwidth) * 100)} %\n`,
      )
    }
    // Whoever changes between them finds each segment beginning at the same picture.
    expect(begins[1]).toEqual(begins[0])
    await plans.forgetPlan(view.sessionId)
  },
  60_000,
)
