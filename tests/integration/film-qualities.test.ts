import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FilmPiece, FilmStream } from '@/lib/playback'
import type { Capabilities } from '@/lib/playback/schema'
import { prepareFormatFilms } from '../fakes/provider/film-files.ts'
import { formatFilmId } from '../fakes/provider/film-recipes.ts'
import { startWorld, type World } from './harness'
import { createWorld } from './playback-world'
import { readQualities, readSegments } from './read-playlist'

const chromium: Capabilities = { video: ['h264'], audio: ['aac', 'mp3'], containers: ['mp4'] }
let world: World
let work = ''

const rooms = async () => ({
  playback: await import('@/lib/playback'),
  plans: await import('@/lib/playback/session-plans'),
})

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'watchtheflix-qualities-'))
  await prepareFormatFilms(work, ['main10.mkv'])
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
  expect(other.qualities[1]?.bandwidth).toBe(300_000)
  expect(await sizeOf(other.film)).toBeLessThan(before)
})
