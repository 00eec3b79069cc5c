import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { measured, until } from '@/lib/playback/relay/paced-provider.test-support'
import { prepareFormatFilms } from '../fakes/provider/film-files.ts'
import { formatFilmId } from '../fakes/provider/film-recipes.ts'
import { startWorld, type World } from './harness'
import { createWorld } from './playback-world'

let world: World
let work = ''

const rooms = async () => ({
  playback: await import('@/lib/playback'),
  plans: await import('@/lib/playback/session-plans'),
  ffmpeg: await import('@/lib/platform/ffmpeg'),
})

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'watchtheflix-thumbnails-'))
  await prepareFormatFilms(work, ['grey.mkv', 'grey.mp4', 'grey.ts'])
  world = await startWorld({ mediaDir: work, env: { TRANSCODE_CORES: '8' } })
}, 120_000)

const connections = () => world.provider.stats.connections.formats

afterEach(async () => {
  const { plans, ffmpeg } = await rooms()
  for (const plan of plans.listPlans()) await plans.forgetPlan(plan.record.id)
  await until(() => ffmpeg.countFfmpeg() === 0 && (connections()?.now ?? 0) === 0)
  expect(ffmpeg.freeCores()).toBe(8)
})

afterAll(async () => {
  await world.end()
  rmSync(work, { recursive: true, force: true })
})

async function openFilm(name: string, limit: number) {
  const { playback } = await rooms()
  const container = name.slice(name.lastIndexOf('.') + 1)
  const streams = [{ kind: 'movie' as const, ids: [formatFilmId(name)], container }]
  const { viewer, item } = await createWorld(world.providerUrl, limit, streams, 'formats')
  const capabilities = { video: ['h264' as const], audio: ['aac' as const], containers: ['mp4' as const] }
  const view = await playback.openPlayback(viewer, { itemId: item(0).id, capabilities })
  const [, , , token = ''] = view.thumbnails?.url.split('/') ?? []
  return { view, film: await playback.streamAccess('page').film(token) }
}

const soon = () => AbortSignal.timeout(20_000)

/** Which second of the grey film a picture shows, and its size. */
async function read(piece: { kind: string; bytes?: Buffer }) {
  expect(piece.kind).toBe('picture')
  const picture = sharp(piece.bytes)
  const { width, height, format } = await picture.metadata()
  const { channels } = await picture.stats()
  return { shape: `${format} ${width}x${height}`, second: (((channels[0]?.mean ?? 0) / 255) * 219) / 9 }
}

test.each(['grey.mkv', 'grey.mp4', 'grey.ts'])(
  '%s: small pictures of the right moments, from a connection to spare',
  async name => {
    const { view, film } = await openFilm(name, 2)
    expect(view.thumbnails).toMatchObject({ everySeconds: 10 })
    expect(view.thumbnails?.url).toMatch(/^\/stream\/film\/[^/]+\/thumb-\{n\}\.jpg$/)
    for (const n of [2, 0, 1]) {
      const began = performance.now()
      const { shape, second } = await read(await film.open(`thumb-${n}.jpg`, soon()))
      measured(`${name}: thumbnail ${n} after ${Math.round(performance.now() - began)} ms`)
      expect(shape).toBe('jpeg 160x90')
      expect(Math.abs(second - n * 10), `second ${second} for ${n}`).toBeLessThan(1.2)
    }
    expect(connections()?.max).toBeLessThanOrEqual(2)
    await expect(film.open('thumb-3.jpg', soon())).rejects.toMatchObject({ code: 'NOT_FOUND' })
  },
)

test('what was made is kept: the next viewer asks the provider for nothing', async () => {
  const first = await openFilm('grey.mkv', 2)
  const made = await first.film.open('thumb-1.jpg', soon())
  const opened = connections()?.opened
  const again = await first.film.open('thumb-1.jpg', soon())
  expect('bytes' in again && 'bytes' in made && again.bytes.equals(made.bytes)).toBe(true)
  expect(connections()?.opened).toBe(opened)
})

test('of several that wait only the newest is made', async () => {
  const { film } = await openFilm('grey.ts', 2)
  const asked = [0, 1, 2].map(n => film.open(`thumb-${n}.jpg`, soon()).then(read, error => error.code))
  const [oldest, older, newest] = await Promise.all(asked)
  expect(oldest).toBe('STREAM_NOT_READY')
  expect(older).toBe('STREAM_NOT_READY')
  expect(Math.abs(newest.second - 20)).toBeLessThan(1.2)
})

test('a film on its only connection is never disturbed; once that rests, its pictures are there', async () => {
  const { view, film } = await openFilm('grey.mkv', 1)
  const { playback } = await rooms()
  const own = await playback.streamAccess('page').film(view.url.split('/')[3] ?? '')
  await own.open('v-0.m4s', soon())
  const opened = connections()?.opened
  await expect(film.open('thumb-2.jpg', soon())).rejects.toMatchObject({ code: 'STREAM_NOT_READY' })
  expect(connections()?.opened).toBe(opened)
  // The reader lets its connection go after eight seconds.
  const later = () => film.open('thumb-2.jpg', soon()).catch(() => null)
  await expect.poll(later, { timeout: 14_000, interval: 500 }).not.toBeNull()
  expect(Math.abs((await read(await film.open('thumb-2.jpg', soon()))).second - 20)).toBeLessThan(1.2)
})
