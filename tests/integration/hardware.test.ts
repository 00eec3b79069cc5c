import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { FfmpegPlan } from '@/lib/platform/ffmpeg'
import { until } from '@/lib/playback/relay/paced-provider.test-support'
import type { Capabilities } from '@/lib/playback/schema'
import { type FakeCard, makeCard } from '../fakes/graphics-card.ts'
import { prepareFormatFilms } from '../fakes/provider/film-files.ts'
import { formatFilmId } from '../fakes/provider/film-recipes.ts'
import { TEST_MEDIA } from '../test-media'
import { startWorld, type World } from './harness'
import { createWorld } from './playback-world'

const chromium: Capabilities = { video: ['h264'], audio: ['aac', 'mp3'], containers: ['mp4'], inBand: true }
const DEVICE = '/dev/dri/renderD128'
const film = 'main10.mkv'
let world: World
let card: FakeCard
let work = ''

const rooms = async () => ({
  playback: await import('@/lib/playback'),
  plans: await import('@/lib/playback/session-plans'),
  ffmpeg: await import('@/lib/platform/ffmpeg'),
  shared: await import('@/lib/platform/shared'),
  log: await import('@/lib/platform/log'),
})

beforeAll(async () => {
  card = makeCard()
  work = TEST_MEDIA
  await prepareFormatFilms(work, [film])
  world = await startWorld({ mediaDir: work, env: { TRANSCODE_CORES: '8', FFMPEG_PATH: card.program, TRANSCODE_CARD: DEVICE } })
}, 240_000)

/** As after a start of the server. */
beforeEach(async () => {
  const { shared } = await rooms()
  for (const name of ['ffmpeg-abilities', 'hardware-rest']) shared.forget(name)
  card.set('works')
})

afterEach(async () => {
  const { plans, playback, ffmpeg } = await rooms()
  for (const plan of plans.listPlans()) await plans.forgetPlan(plan.record.id)
  playback.closeAllRelays()
  await until(() => ffmpeg.countFfmpeg() === 0)
  vi.restoreAllMocks()
})

afterAll(async () => {
  await world.end()
  card.end()
})

const soon = () => AbortSignal.timeout(20_000)
const hardwareNow = async () => (await (await rooms()).ffmpeg.ffmpegAbilities())?.hardware
const worked = () => card.runs().filter(run => run === 'work').length
const tested = () => card.runs().filter(run => run === 'test').length

interface Rest {
  until: number | null
  isTrying: boolean
}

async function restNow(): Promise<Rest> {
  const { shared } = await rooms()
  return shared.shared<Rest>('hardware-rest', () => ({ until: null, isTrying: false }))
}

/** Until the card has been tested again, and what that says is known. */
async function untilTested(before: number): Promise<void> {
  const rest = await restNow()
  await until(() => tested() > before && !rest.isTrying)
}

describe('at the start', () => {
  test('a card that encodes is used', async () => {
    expect(await hardwareNow()).toEqual({ kind: 'vaapi', device: DEVICE })
  })

  test('one that fails its test is not, whatever the list of encoders says', async () => {
    card.set('broken')
    const abilities = await (await rooms()).ffmpeg.ffmpegAbilities()
    expect(abilities?.encoders.has('h264_vaapi')).toBe(true)
    expect(abilities?.hardware).toBeNull()
  })
})

async function openFilm(capabilities = chromium) {
  const { playback } = await rooms()
  const about = [{ kind: 'movie' as const, ids: [formatFilmId(film)], container: 'mkv' }]
  const { viewer, item } = await createWorld(world.providerUrl, 1, about, 'formats')
  const { url } = await playback.openPlayback(viewer, { itemId: item(0).id, capabilities })
  const bytesOf = async (name: string) => {
    const stream = await playback.streamAccess('page').film(url.split('/')[3] ?? '')
    const piece = await stream.open(name, soon())
    return 'bytes' in piece ? piece.bytes : Buffer.from(piece.text)
  }
  return { bytesOf, master: (await bytesOf('index.m3u8')).toString() }
}

/** Frames that FFmpeg finds, and what it complains about. */
function decode(parts: Buffer[]) {
  const folder = mkdtempSync(join(tmpdir(), 'watchtheflix-card-film-'))
  const file = join(folder, 'film.mp4')
  writeFileSync(file, Buffer.concat(parts))
  const told = execFileSync('sh', ['-c', `ffmpeg -v error -stats -i '${file}' -f null - 2>&1`], { encoding: 'utf8' })
  rmSync(folder, { recursive: true })
  const frames = Number([...told.matchAll(/frame= *(\d+)/g)].at(-1)?.[1])
  return { frames, complaints: told.replace(/^.*frame=.*$/gm, '').trim() }
}

describe('a film', () => {
  test('begun on the card goes on in software when that dies, in one stream that decodes', async () => {
    const { log } = await rooms()
    const error = vi.spyOn(log.log(), 'error')
    const before = worked()
    const { bytesOf, master } = await openFilm()
    expect(master).toContain('CODECS="avc3.640028,mp4a.40.2"')
    const parts = [await bytesOf('v180-init.mp4'), await bytesOf('v180-0.m4s')]
    expect(worked()).toBeGreaterThan(before)
    expect(parts[0]?.includes('avc3')).toBe(true)
    await until(() => worked() > before + 1)
    card.set('broken')
    for (let number = 1; number < 6; number++) parts.push(await bytesOf(`v180-${number}.m4s`))
    expect(decode(parts)).toEqual({ frames: 600, complaints: '' })
    // Two films that fail at once are one failure of the card.
    const second = await openFilm()
    expect(decode([await second.bytesOf('v180-init.mp4'), await second.bytesOf('v180-0.m4s')]).complaints).toBe('')
    expect(await hardwareNow()).toBeNull()
    expect(error.mock.calls.filter(([, text]) => String(text).includes('graphics card'))).toHaveLength(1)
  })
})

test('a film keeps its form in another process, whether its card works or not', async () => {
  const { ffmpeg, plans } = await rooms()
  const hardware = await hardwareNow()
  if (!hardware) throw new Error('no card')
  const onCard = await openFilm()
  const parts = [await onCard.bytesOf('v180-init.mp4'), await onCard.bytesOf('v180-0.m4s')]
  ffmpeg.restHardware(hardware, new Error('gone'))
  const inSoftware = await openFilm()
  for (const plan of plans.listPlans()) await plans.forgetPlan(plan.record.id)
  expect((await onCard.bytesOf('index.m3u8')).toString()).toBe(onCard.master)
  parts.push(await onCard.bytesOf('v180-1.m4s'))
  expect(decode(parts).complaints).toBe('')
  ;(await restNow()).until = null
  for (const plan of plans.listPlans()) await plans.forgetPlan(plan.record.id)
  expect(await hardwareNow()).toEqual(hardware)
  expect([onCard.master, inSoftware.master].map(text => /avc\d/.exec(text)?.[0])).toEqual(['avc3', 'avc1'])
  expect((await inSoftware.bytesOf('index.m3u8')).toString()).toBe(inSoftware.master)
})

test.each([[false], [undefined]])('a browser that says %s to what cards make gets films from software', async inBand => {
  const before = worked()
  const { bytesOf, master } = await openFilm({ ...chromium, inBand })
  expect(master).toContain('CODECS="avc1.640028,mp4a.40.2"')
  expect(decode([await bytesOf('v180-init.mp4'), await bytesOf('v180-0.m4s')]).complaints).toBe('')
  expect([worked(), await hardwareNow()]).toEqual([before, { kind: 'vaapi', device: DEVICE }])
})

describe('a channel', () => {
  test.each([
    ['is broken from then on, which puts it to rest', 'broken', null],
    ['works for others, which may go on using it', 'works', { kind: 'vaapi', device: DEVICE }],
  ] as const)('goes on in software when the card fails in mid-play and %s', async (_, mood, answer) => {
    const { log, playback } = await rooms()
    const error = vi.spyOn(log.log(), 'error')
    card.set('dies 2.5')
    const before = worked()
    const { viewer, item } = await createWorld(world.providerUrl, 1, [{ ids: ['1'] }], 'formats')
    const view = await playback.openPlayback(viewer, { itemId: item(0).id, capabilities: chromium })
    const stream = await playback.streamAccess('page').live(view.url.split('/')[3] ?? '')
    const list = async () => {
      const answered = await stream.media(soon())
      return 'text' in answered ? answered.text : ''
    }
    await stream.index(soon())
    await stream.segment(Number(/^(\d+)\.ts$/m.exec(await list())?.[1]), soon())
    expect([await hardwareNow(), worked()]).toEqual([{ kind: 'vaapi', device: DEVICE }, before + 1])
    card.set(mood)
    const tests = tested()
    let next: string | undefined
    while (next === undefined) {
      await new Promise(done => setTimeout(done, 100))
      next = /#EXT-X-DISCONTINUITY\n#EXTINF:[^\n]+\n(\d+)\.ts/.exec(await list())?.[1]
    }
    expect((await stream.segment(Number(next), soon())).length).toBeGreaterThan(10_000)
    await untilTested(tests)
    expect([await hardwareNow(), worked()]).toEqual([answer, before + 1])
    expect(error.mock.calls.filter(([, text]) => String(text).includes('graphics card'))).toHaveLength(answer === null ? 1 : 0)
  })
})

test('a stretch of an archive that nobody can read is no fault of the card', async () => {
  const { convertStretch } = await import('@/lib/playback/conversion/converted-source')
  const hardware = await hardwareNow()
  if (!hardware) throw new Error('no card')
  const [before, tests] = [worked(), tested()]
  const onCardFailed = vi.fn()
  const plan: FfmpegPlan = {
    hardware,
    inputs: [{ format: 'mpegts', decoders: ['h264'], from: 'pipe' }],
    outputs: [{ format: 'mpegts', to: 'pipe', options: ['-c:v', 'h264_vaapi'] }],
  }
  const made = convertStretch(Readable.from([randomBytes(200_000)]), plan, { cores: 1, onCardFailed })
  await expect(buffer(made)).rejects.toMatchObject({ code: 'TRANSCODE_FAILED' })
  expect([onCardFailed.mock.calls.length, worked()]).toEqual([1, before + 1])
  await untilTested(tests)
  expect(await hardwareNow()).toEqual(hardware)
})

describe('a card that failed', () => {
  test.each([
    ['works', { kind: 'vaapi', device: DEVICE }],
    ['broken', null],
  ] as const)('has rested, is tested anew, and %s', async (mood, answer) => {
    const { ffmpeg } = await rooms()
    const hardware = await hardwareNow()
    if (!hardware) throw new Error('no card')
    ffmpeg.restHardware(hardware, new Error('gone'))
    const tests = card.runs().length
    expect(await hardwareNow()).toBeNull()
    expect(card.runs()).toHaveLength(tests)
    card.set(mood)
    const rest = await restNow()
    rest.until = performance.now() - 1
    // Whoever asks first is not kept waiting for the test.
    expect(await hardwareNow()).toBeNull()
    await until(() => card.runs().length === tests + 1 && !rest.isTrying)
    expect(await hardwareNow()).toEqual(answer)
  })
})
