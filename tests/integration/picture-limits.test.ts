import { PassThrough } from 'node:stream'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { toAppError } from '@/lib/kernel/errors'
import { ArchiveStream } from '@/lib/playback/archive/archive-stream'
import { until } from '@/lib/playback/relay/paced-provider.test-support'
import { ANY_HEIGHT, type Capabilities, type PlaybackView } from '@/lib/playback/schema'
import { TsScanner } from '@/lib/playback/ts/scanner'
import { prepareFormatFilms } from '../fakes/provider/film-files.ts'
import { formatFilmId } from '../fakes/provider/film-recipes.ts'
import { TEST_MEDIA } from '../test-media'
import { startWorld, type World } from './harness'
import { createWorld } from './playback-world'

/** Stream ids of the provider's login `formats`: half frames of 576 lines, and H.264 of 360 and 180. */
const channels = { mpeg2: '1', plain: '4', small: '5' }
const capabilities: Capabilities = { video: ['h264', 'vp9', 'av1'], audio: ['aac', 'mp3', 'opus'], containers: ['mp4', 'webm'] }
const CORES = 4
/** HEVC of 640x360 in HDR: what is made of it takes 0.21 cores, at half its height 0.1. */
const film = 'pq.mkv'
let world: World
let chief: Viewer

const rooms = async () => ({
  accounts: await import('@/lib/accounts'),
  playback: await import('@/lib/playback'),
  plans: await import('@/lib/playback/session-plans'),
  watching: await import('@/lib/playback/session-watch'),
  ffmpeg: await import('@/lib/platform/ffmpeg'),
  database: await import('@/lib/platform/db'),
})

beforeAll(async () => {
  await prepareFormatFilms(TEST_MEDIA, [film])
  world = await startWorld({ mediaDir: TEST_MEDIA, env: { TRANSCODE_CORES: String(CORES) } })
  chief = await world.makeViewer({ role: 'admin' })
}, 240_000)

afterEach(async () => {
  const { plans, playback, ffmpeg } = await rooms()
  for (const plan of plans.listPlans()) await plans.forgetPlan(plan.record.id)
  playback.closeAllRelays()
  await until(() => ffmpeg.countFfmpeg() === 0)
})

afterAll(() => world.end())

const soon = () => AbortSignal.timeout(15_000)

/** A viewer with one channel, whose account includes pictures of so many lines. */
async function limited(id: string | string[], lines: number | null) {
  const { database, playback } = await rooms()
  const { viewer, item } = await createWorld(world.providerUrl, null, [{ ids: [id].flat() }], 'formats')
  await database.db().account.update({ where: { id: viewer.accountId }, data: { maxHeight: lines } })
  const itemId = item(0).id
  const open = (more: { maxHeight?: number; from?: string } = {}) =>
    playback.openPlayback(viewer, { itemId, capabilities, ...more })
  const decision = async ({ sessionId }: PlaybackView) =>
    (await playback.touchPlayback(viewer, sessionId, { positionSeconds: 0, durationSeconds: 0 })).decision
  return { viewer, itemId, open, decision }
}

/** What a channel sends is written down beside its picture, not before it. */
async function untilKnown(itemId: number): Promise<void> {
  const { database } = await rooms()
  const read = () => database.db().source.findFirst({ where: { itemId }, select: { facts: true } })
  await expect.poll(async () => (await read())?.facts ?? null, { timeout: 5_000 }).not.toBeNull()
}

const tokenOf = ({ url }: PlaybackView) => url.split('/')[3] ?? ''

async function watch(view: PlaybackView) {
  const { playback } = await rooms()
  return playback.streamAccess('page').live(tokenOf(view))
}

type Stream = Awaited<ReturnType<typeof watch>>

const readCode = (error: unknown) => toAppError(error).code

async function textOf(answer: Promise<{ text: string } | { location: string }>): Promise<string> {
  const found = await answer
  if (!('text' in found)) throw new Error(`moved to ${found.location}`)
  return found.text
}

/** Lines of each quality that the playlist names. */
async function heightsOf(stream: Stream): Promise<number[]> {
  return [...(await textOf(stream.index(soon()))).matchAll(/RESOLUTION=\d+x(\d+)/g)].map(([, height]) => Number(height))
}

/** Lines of the picture in the first segment. */
async function heightIn(stream: Stream): Promise<number | null | undefined> {
  const list = await textOf(stream.media(soon()))
  return heightOf(await stream.segment(Number(/^(\d+)\.ts$/m.exec(list)?.[1]), soon()))
}

function heightOf(segment: Buffer): number | null | undefined {
  const scanner = new TsScanner({ onPacket: () => {}, onProgramChange: () => {} })
  scanner.push(segment)
  return scanner.program?.video?.height
}

test('an administrator says how high a picture an account includes; no question of the viewer goes beyond it', async () => {
  const { accounts } = await rooms()
  const { viewer, open, decision } = await limited(channels.mpeg2, null)
  const change = { change: { maxHeight: 480 as const }, address: '' }
  await expect(accounts.updatePerson(viewer, viewer.accountId, change)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await accounts.updatePerson(chief, viewer.accountId, change)
  const { people } = await accounts.listPeople(chief)
  expect(people.find(({ id }) => id === viewer.accountId)?.maxHeight).toBe(480)
  const view = await open({ maxHeight: ANY_HEIGHT })
  const stream = await watch(view)
  expect(await heightsOf(stream)).toEqual([480])
  expect(await heightIn(stream)).toBe(480)
  expect(await decision(view)).toMatchObject({
    mode: 'transcode',
    reasons: expect.arrayContaining([{ code: 'TOO_LARGE', message: 'Your account includes pictures up to 480p.' }]),
    cost: expect.any(Number),
  })
})

test.each([[null], [480]])('an account of %s lines gets a channel of 360 as it comes', async lines => {
  const { open, decision } = await limited(channels.plain, lines)
  const view = await open()
  expect(await heightsOf(await watch(view))).toEqual([360])
  expect(await decision(view)).toMatchObject({ mode: 'hls-package', code: 'LIVE_PACKAGED', cost: 0 })
})

test('who asks for pieces before the playlist that names them gets no higher picture', async () => {
  const { open } = await limited(channels.plain, 240)
  expect(await heightIn(await watch(await open()))).toBe(240)
})

test('a channel that goes on from a source with a higher picture is decided anew', async () => {
  const { database, playback, plans } = await rooms()
  const { viewer, open } = await limited([channels.small, channels.plain], 240)
  const view = await open()
  const stream = await watch(view)
  expect(await heightsOf(stream)).toEqual([180])
  expect(await heightIn(stream)).toBe(180)
  const raw = new PassThrough().resume()
  stream.raw(raw)
  await world.control({ login: 'formats', dropStreams: true })
  const media = () => textOf(stream.media(soon()))
  await expect.poll(() => media().then(() => 'plays', readCode), { timeout: 15_000 }).toBe('STREAM_ENDED')
  await expect.poll(() => raw.destroyed, { timeout: 10_000 }).toBe(true)
  await expect(playback.streamAccess('page').live(tokenOf(view))).rejects.toMatchObject({ code: 'STREAM_ENDED' })
  const ended = await database.db().playbackSession.findUniqueOrThrow({ where: { id: view.sessionId } })
  expect(ended.endReason).toBe('higher picture than the account includes')
  expect(plans.findPlan(view.sessionId)).toBeNull()
  const again = await watch(await playback.openPlayback(viewer, { itemId: ended.itemId, capabilities }))
  expect(await heightsOf(again)).toEqual([240])
  expect(await heightIn(again)).toBe(240)
})

test('a session that another process opened is held to what the account includes', async () => {
  const { plans } = await rooms()
  const { open } = await limited(channels.plain, 240)
  const view = await open()
  await plans.forgetPlan(view.sessionId)
  const stream = await watch(view)
  expect(await heightsOf(stream)).toEqual([240])
  expect(await heightIn(stream)).toBe(240)
})

test('no quality of a ladder is higher', async () => {
  const { playback } = await rooms()
  const { settings } = await playback.viewConversionSettings(chief)
  const qualities = [340, 200, 160].map(height => ({ height, kilobits: 300 }))
  await playback.updateConversionSettings(chief, { ladder: 'always', qualities })
  try {
    const { open } = await limited(channels.plain, 240)
    expect(await heightsOf(await watch(await open()))).toEqual([240, 200, 160])
  } finally {
    await playback.updateConversionSettings(chief, settings)
  }
})

test('an archive is held to it as well', async () => {
  const { database, playback, plans, watching } = await rooms()
  const { itemId, open } = await limited(channels.mpeg2, 240)
  await database.db().source.updateMany({ where: { itemId }, data: { archiveDays: 3 } })
  const view = await open({ from: new Date(Date.now() - 2 * 3_600_000).toISOString() })
  const replay = await playback.streamAccess('page').catchUp(tokenOf(view))
  expect(await replay.index(soon())).toContain('RESOLUTION=426x240')
  // What the channel sends meanwhile is not what the archive is decided by.
  await heightsOf(await watch(await open()))
  await watching.checkPlans(plans.listPlans())
  expect(plans.findPlan(view.sessionId)).not.toBeNull()
})

test('pieces of an archive that are asked for at once in another process are held to it, and open it once', async () => {
  const { database, playback, plans } = await rooms()
  const { itemId, open } = await limited(channels.mpeg2, 240)
  await database.db().source.updateMany({ where: { itemId }, data: { archiveDays: 3 } })
  const view = await open({ from: new Date(Date.now() - 2 * 3_600_000).toISOString() })
  await plans.forgetPlan(view.sessionId)
  const reopen = vi.spyOn(ArchiveStream.prototype, 'reopen')
  const replay = await playback.streamAccess('page').catchUp(tokenOf(view))
  const pieces = await Promise.all([replay.segment(0, soon()), replay.segment(1, soon())])
  expect(pieces.map(heightOf)).toEqual([240, 240])
  expect(reopen).toHaveBeenCalledOnce()
})

test('a server that cannot convert says that the account does not include it', async () => {
  const { env } = await import('@/lib/platform/env')
  const { open, itemId } = await limited(channels.plain, 240)
  env().TRANSCODE_CORES = 0
  try {
    const stream = await watch(await open())
    await expect(stream.index(soon())).rejects.toMatchObject({ code: 'PICTURE_LIMIT' })
    await expect(stream.media(soon())).rejects.toMatchObject({ code: 'PICTURE_LIMIT' })
    await untilKnown(itemId)
    // Now that it is known the session is not even opened.
    await expect(open()).rejects.toMatchObject({ code: 'PICTURE_LIMIT' })
  } finally {
    env().TRANSCODE_CORES = CORES
  }
})

test('a server that is busy tells what would still play', async () => {
  const { ffmpeg, plans } = await rooms()
  const { open, itemId } = await limited(channels.mpeg2, null)
  const seen = await open()
  await heightsOf(await watch(seen))
  await untilKnown(itemId)
  await plans.forgetPlan(seen.sessionId)
  await until(() => ffmpeg.countFfmpeg() === 0)
  const taken = ffmpeg.takeCores(ffmpeg.freeCores() - 0.15)
  try {
    const ways = { data: { otherWays: [{ way: 'smaller', maxHeight: 360 }] } }
    await expect(open()).rejects.toMatchObject({ code: 'TRANSCODE_BUSY', ...ways })
    const stream = await watch(await open({ maxHeight: 360 }))
    expect(await heightsOf(stream)).toEqual([360])
  } finally {
    taken.release()
  }
})

test('with the data saver on, a busy server offers the picture as it comes', async () => {
  const { ffmpeg, plans } = await rooms()
  const { open, itemId } = await limited(channels.plain, null)
  const seen = await open()
  await heightsOf(await watch(seen))
  await untilKnown(itemId)
  await plans.forgetPlan(seen.sessionId)
  const taken = ffmpeg.takeCores(ffmpeg.freeCores())
  try {
    await expect(open({ maxHeight: 240 })).rejects.toMatchObject({ data: { otherWays: [{ way: 'as-is' }] } })
    expect((await open({ maxHeight: ANY_HEIGHT })).decision.mode).toBe('hls-package')
  } finally {
    taken.release()
  }
})

async function openFilm(lines: number | null, more: { maxHeight?: number; capabilities?: Capabilities } = {}) {
  const { database, playback } = await rooms()
  const about = [{ kind: 'movie' as const, ids: [formatFilmId(film)], container: 'mkv' }]
  const { viewer, item } = await createWorld(world.providerUrl, null, about, 'formats')
  await database.db().account.update({ where: { id: viewer.accountId }, data: { maxHeight: lines } })
  return playback.openPlayback(viewer, { itemId: item(0).id, capabilities, ...more })
}

async function pieceOf(view: PlaybackView, name: string) {
  const { playback } = await rooms()
  return (await playback.streamAccess('page').film(tokenOf(view))).open(name, soon())
}

test('a film that is made smaller takes no more cores than it was admitted for', async () => {
  const { ffmpeg } = await rooms()
  const taken = ffmpeg.takeCores(ffmpeg.freeCores() - 0.15)
  try {
    await expect(openFilm(null)).rejects.toMatchObject({ code: 'TRANSCODE_BUSY' })
    expect(await pieceOf(await openFilm(180), 'v180-0.m4s')).toMatchObject({ kind: 'media' })
  } finally {
    taken.release()
  }
})

const decoders = [{ codec: 'h264' as const, bitDepth: 8 as const, height: 240, fastHeight: 240 }]
test.each([
  ['viewer', 180, { maxHeight: 180 }],
  ['device', 240, { capabilities: { ...capabilities, decoders } }],
])(
  'the pieces of a film keep the names that the limit of the %s gave them, whichever process serves them',
  async (_, lines, asked) => {
    const { plans } = await rooms()
    const view = await openFilm(null, asked)
    expect(await pieceOf(view, `v${lines}-0.m4s`)).toMatchObject({ kind: 'media' })
    await plans.forgetPlan(view.sessionId)
    expect(await pieceOf(view, `v${lines}-1.m4s`)).toMatchObject({ kind: 'media' })
  },
)
