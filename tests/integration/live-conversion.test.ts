import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { measured, until } from '@/lib/playback/relay/paced-provider.test-support'
import type { Capabilities } from '@/lib/playback/schema'
import { TsScanner } from '@/lib/playback/ts/scanner'
import { TEST_MEDIA } from '../test-media'
import { startWorld, type World } from './harness'
import { createWorld } from './playback-world'
import { loosely, readQualities, readSegments } from './read-playlist'

/** Stream ids of the provider's login `formats`. */
const channels = { mpeg2: '1', dolby: '2', hevc: '3', bilingual: '4' }
const chromium: Capabilities = { video: ['h264', 'vp9', 'av1'], audio: ['aac', 'mp3', 'opus'], containers: ['mp4', 'webm'] }
let world: World

const rooms = async () => ({
  playback: await import('@/lib/playback'),
  access: (await import('@/lib/playback')).streamAccess('page'),
  plans: await import('@/lib/playback/session-plans'),
  ffmpeg: await import('@/lib/platform/ffmpeg'),
  database: await import('@/lib/platform/db'),
})

beforeAll(async () => {
  world = await startWorld({ mediaDir: TEST_MEDIA, env: { TRANSCODE_CORES: '4' } })
})

afterEach(async () => {
  const { plans, playback, ffmpeg } = await rooms()
  for (const plan of plans.listPlans()) await plans.forgetPlan(plan.record.id)
  playback.closeAllRelays()
  await until(() => ffmpeg.countFfmpeg() === 0)
  expect(ffmpeg.freeCores()).toBe(4)
})

afterAll(() => world.end())

type Wishes = { from?: string; convert?: 'audio' | 'all'; maxHeight?: number }

async function openSession(id: string, wishes: Wishes = {}, login = 'formats') {
  const { playback } = await rooms()
  const { viewer, item } = await createWorld(world.providerUrl, 1, [{ ids: [id] }], login)
  await (await rooms()).database.db().source.updateMany({ where: { itemId: item(0).id }, data: { archiveDays: 3 } })
  const ask = () => playback.openPlayback(viewer, { itemId: item(0).id, capabilities: chromium, ...wishes })
  const view = await ask()
  return { view, viewer, ask, token: view.url.split('/')[3] ?? '' }
}

async function open(...asked: Parameters<typeof openSession>) {
  const opened = await openSession(...asked)
  return { ...opened, stream: await (await rooms()).access.live(opened.token) }
}

const soon = () => AbortSignal.timeout(15_000)

async function textOf(answer: Promise<{ text: string } | { location: string }>): Promise<string> {
  const found = await answer
  if (!('text' in found)) throw new Error(`moved to ${found.location}`)
  return found.text
}

type Watched = Awaited<ReturnType<typeof open>>['stream']

/** What the first segment of the list holds: it begins with a key frame, so everything about it is known. */
async function firstOf(stream: Watched) {
  const list = await textOf(stream.media(soon()))
  const sequence = Number(/^(\d+)\.ts$/m.exec(list)?.[1])
  return describeSegment(await stream.segment(sequence, soon()))
}

function describeSegment(bytes: Buffer) {
  let frames = 0
  /** Time of the first frame when that is a key frame. */
  let keyAt = -1
  const scanner = new TsScanner({
    onPacket: ({ frame }) => {
      if (frame !== null && frames++ === 0 && frame.isKey) keyAt = frame.pts
    },
    onProgramChange: () => {},
  })
  scanner.push(bytes)
  return { program: scanner.program, frames, keyAt }
}

describe('a channel that this browser cannot play as it is', () => {
  test.each([
    ['dolby', 'audio', { width: 640, height: 360 }],
    ['mpeg2', 'transcode', { width: 1024, height: 576 }],
    ['hevc', 'transcode', { width: 640, height: 360 }],
  ] as const)('%s plays as %s', async (name, mode, size) => {
    const { ffmpeg, playback } = await rooms()
    const startedAt = performance.now()
    const { stream, viewer, view } = await open(channels[name])
    const index = await textOf(stream.index(soon()))
    expect(index).toMatch(/CODECS="avc1\.[0-9a-f]{6},mp4a\.40\.2"/)
    const { program, frames } = await firstOf(stream)
    measured(`${name} as ${mode}: first segment after ${Math.round(performance.now() - startedAt)} ms`)
    expect(program?.video).toMatchObject({ codec: 'h264', interlaced: false, ...size })
    expect(program?.audio.map(({ codec }) => codec)).toEqual(['aac'])
    expect(frames).toBeGreaterThanOrEqual(2)
    expect(ffmpeg.countFfmpeg()).toBe(1)
    const touch = await playback.touchPlayback(viewer, view.sessionId, { positionSeconds: 0, durationSeconds: 0 })
    expect(touch.decision?.mode).toBe(mode)
  })
})

test('viewers of one channel share one encode; it ends with the last of them, and so does the connection', async () => {
  const { ffmpeg, playback, access, plans } = await rooms()
  const first = await open(channels.dolby)
  await textOf(first.stream.index(soon()))
  const again = await first.ask()
  const second = await access.live(again.url.split('/')[3] ?? '')
  await textOf(second.index(soon()))
  await firstOf(second)
  expect(ffmpeg.countFfmpeg()).toBe(1)
  expect(playback.listRelays()).toHaveLength(2)
  await plans.forgetPlan(first.view.sessionId)
  await firstOf(second)
  expect(ffmpeg.countFfmpeg()).toBe(1)
  await plans.forgetPlan(again.sessionId)
  await until(() => ffmpeg.countFfmpeg() === 0 && playback.listRelays().length === 0, 2_000)
  await until(() => world.provider.stats.connections.formats?.now === 0, 2_000)
})

test('FFmpeg killed in mid-play: the picture is back by itself, on the same connection', async () => {
  const { execFileSync } = await import('node:child_process')
  const { stream } = await open(channels.dolby)
  await textOf(stream.index(soon()))
  await firstOf(stream)
  const opened = world.provider.stats.connections.formats?.opened
  const before = Number((await textOf(stream.media(soon()))).match(/^(\d+)\.ts$/m)?.[1])
  const [pid] = execFileSync('pgrep', ['-P', String(process.pid), 'ffmpeg'], { encoding: 'utf8' }).split('\n')
  process.kill(Number(pid), 'SIGKILL')
  const killedAt = performance.now()
  let list = ''
  while (!list.includes('#EXT-X-DISCONTINUITY\n')) {
    if (performance.now() - killedAt > 10_000) throw new Error(`no picture: ${list}`)
    await new Promise(done => setTimeout(done, 50))
    list = await textOf(stream.media(soon()))
  }
  const next = Number(/DISCONTINUITY\n#EXTINF:[^\n]+\n(\d+)\.ts/.exec(list)?.[1])
  await stream.segment(next, soon())
  measured(`FFmpeg killed: next segment after ${Math.round(performance.now() - killedAt)} ms`)
  expect(next).toBeGreaterThan(before)
  expect(world.provider.stats.connections.formats?.opened).toBe(opened)
})

test('beyond the cores of this server a channel says so, and what runs goes on', async () => {
  const { ffmpeg } = await rooms()
  const rest = ffmpeg.takeCores(ffmpeg.freeCores())
  try {
    const { stream } = await open(channels.dolby)
    await expect(stream.index(soon())).rejects.toMatchObject({ code: 'TRANSCODE_BUSY' })
  } finally {
    rest.release()
  }
})

test('several qualities: one encode, the same key frames in each, and true words about them', async () => {
  const { playback, ffmpeg } = await rooms()
  const chief = await world.makeViewer({ role: 'admin' })
  const { settings } = await playback.viewConversionSettings(chief)
  await playback.updateConversionSettings(chief, { ...settings, ladder: 'converting' })
  const { stream, view, viewer } = await open(channels.hevc)
  const master = await textOf(stream.index(soon()))
  await playback.updateConversionSettings(chief, settings)
  await expect(playback.updateConversionSettings(viewer, settings)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  const touch = await playback.touchPlayback(viewer, view.sessionId, { positionSeconds: 0, durationSeconds: 0 })
  expect([touch.decision?.mode, ffmpeg.countFfmpeg()]).toEqual(['ladder', 1])
  const told = [...master.matchAll(/BANDWIDTH=(\d+),CODECS="([^"]+)",RESOLUTION=(\d+)x(\d+),FRAME-RATE=25.000\n(v\da0)\//g)]
  expect(told.map(([, , codecs, width, height, folder]) => [codecs, width, height, folder])).toEqual([
    [expect.stringMatching(/^avc1\.[0-9a-f]{6},mp4a\.40\.2$/), '640', '360', 'v0a0'],
    [expect.stringMatching(/^avc1\.[0-9a-f]{6},mp4a\.40\.2$/), '426', '240', 'v1a0'],
  ])
  expect(readQualities(master)).toMatchObject([
    { uri: 'v0a0/live.m3u8', size: '640x360', frameRate: 25, bandwidth: Number(told[0]?.[1]) },
    { uri: 'v1a0/live.m3u8', size: '426x240', frameRate: 25, bandwidth: Number(told[1]?.[1]) },
  ])
  const peaks = told.map(() => 0)
  let list = ''
  while ((list.match(/\.ts/g)?.length ?? 0) < 6) {
    await new Promise(done => setTimeout(done, 300))
    list = await textOf(stream.media(soon()))
  }
  expect(readSegments(list).length).toBeGreaterThanOrEqual(6)
  for (const [, seconds, sequence] of [...list.matchAll(/#EXTINF:([\d.]+),\n(\d+)\.ts/g)].slice(0, 5)) {
    const starts: number[] = []
    for (const [at, [, bandwidth, , width, , folder]] of told.entries()) {
      const bytes = await stream.segment(Number(sequence), soon(), folder)
      const { program, keyAt } = describeSegment(bytes)
      expect(program?.video?.width).toBe(Number(width))
      starts.push(keyAt)
      if (Number(seconds) > 1.5) peaks[at] = Math.max(peaks[at] ?? 0, (bytes.length * 8) / Number(seconds) / Number(bandwidth))
    }
    expect(new Set(starts).size).toBe(1)
    expect(starts[0]).toBeGreaterThanOrEqual(0)
  }
  measured(`ladder: the richest segment takes ${peaks.map(part => `${Math.round(part * 100)} %`).join(' and ')} of what is told`)
  for (const part of peaks) expect(part).toBeLessThanOrEqual(1)
})

test('the qualities are the administrator’s from the first byte on, and what runs keeps those it began with', async () => {
  const { playback, access } = await rooms()
  const chief = await world.makeViewer({ role: 'admin' })
  const { settings } = await playback.viewConversionSettings(chief)
  const set = (height: number) =>
    playback.updateConversionSettings(chief, {
      ladder: 'always',
      qualities: [360, height].map(lines => ({ height: lines, kilobits: 300 })),
    })
  const heights = async (stream: Watched) => {
    const master = await textOf(stream.index(soon()))
    return [...master.matchAll(/RESOLUTION=\d+x(\d+)/g)].map(([, height]) => Number(height))
  }
  try {
    await set(180)
    const first = await open(channels.hevc)
    expect(await heights(first.stream)).toEqual([360, 180])
    await playback.leavePlaybacks({ ids: [first.view.sessionId] })
    // Now its codecs are known, so that the encode begins before the player has asked for anything.
    const openAgain = async () => access.live((await first.ask()).url.split('/')[3] ?? '')
    const known = await openAgain()
    expect(await heights(known)).toEqual([360, 180])
    await set(216)
    expect(await heights(await openAgain())).toEqual([360, 216])
    expect((await firstOf(known)).frames).toBeGreaterThan(0)
  } finally {
    await playback.updateConversionSettings(chief, settings)
  }
})

test('two languages: the first with the picture, the second beside it, cut from the same segments by time', async () => {
  const { stream } = await open(channels.bilingual)
  const index = await textOf(stream.index(soon()))
  expect(index.match(/^#EXT-X-MEDIA:.*$/gm)).toEqual([
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Deutsch",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,URI="a1/live.m3u8"',
  ])
  expect(loosely(index).mediaGroups.AUDIO.sound).toEqual({
    English: expect.objectContaining({ language: 'en', default: true }),
    Deutsch: expect.objectContaining({ language: 'de', default: false, uri: 'a1/live.m3u8' }),
  })
  expect(index).toMatch(/,AUDIO="sound"\nv0a0\/live\.m3u8\n$/)
  const sequence = Number(/^(\d+)\.ts$/m.exec(await textOf(stream.media(soon())))?.[1])
  const all = describeSegment(await stream.segment(sequence, soon()))
  expect(all.program?.audio.map(({ language }) => language)).toEqual(['eng', 'deu'])
  const first = describeSegment(await stream.segment(sequence, soon(), 'v0a0'))
  expect(first.program?.audio.map(each => each.language)).toEqual(['eng'])
  expect([first.program?.video?.width, first.frames]).toEqual([640, all.frames])
  const second = describeSegment(await stream.segment(sequence, soon(), 'a1'))
  expect([second.program?.video, second.program?.audio.map(each => each.language)]).toEqual([null, ['deu']])
  // It begins with the picture of the same segment, within a packet of sound.
  expect(Math.abs(second.keyAt - first.keyAt)).toBeLessThan(0.05 * 90_000)
  await expect(stream.segment(sequence, soon(), '../x')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('HLS of a provider is converted, too, when the browser failed at it; no higher than was asked for', async () => {
  const list = await fetch(`${world.providerUrl}/player_api.php?username=hls-only&password=pass&action=get_live_streams`)
  const [channel] = (await list.json()) as { stream_id: number }[]
  const { stream } = await open(String(channel?.stream_id), { convert: 'all', maxHeight: 240 }, 'hls-only')
  expect(await textOf(stream.index(soon()))).toContain('RESOLUTION=426x240')
  const { program } = await firstOf(stream)
  expect(program?.video).toMatchObject({ codec: 'h264', height: 240 })
})

test('an archive is converted like its channel', async () => {
  const { access } = await rooms()
  const from = new Date(Date.now() - 2 * 3_600_000).toISOString()
  const { token } = await openSession(channels.mpeg2, { from })
  const replay = await access.catchUp(token)
  expect(await replay.index(soon())).toMatch(/CODECS="avc1\.[0-9a-f]{6},mp4a\.40\.2"/)
  const number = Number(/^(\d+)\.ts$/m.exec(replay.media())?.[1])
  const { program } = describeSegment(await replay.segment(number + 1, soon()))
  expect(program?.video).toMatchObject({ codec: 'h264', interlaced: false })
})

test('what was known of a channel and is not so is replaced, and completed once it has been measured', async () => {
  const { database } = await rooms()
  const { stream, view } = await open(channels.bilingual)
  const where = { id: view.sourceId }
  const lie = {
    container: 'mpegts',
    video: { codec: 'hevc', height: 2160 },
    audio: [{ codec: 'ac3', channels: 6 }],
    seen: 'wire',
  }
  await database.db().source.update({ where, data: { facts: lie } })
  await textOf(stream.index(soon()))
  await firstOf(stream)
  type Stored = {
    video: { codec: string }
    audio: { codec: string; channels: number }[]
    bitrate: number
    keyframeSeconds: number
  }
  const known = async () => (await database.db().source.findUniqueOrThrow({ where })).facts as unknown as Stored
  let facts = await known()
  const began = performance.now()
  while (!facts.bitrate) {
    if (performance.now() - began > 25_000) throw new Error(JSON.stringify(facts))
    await new Promise(done => setTimeout(done, 500))
    await textOf(stream.media(soon()))
    facts = await known()
  }
  expect(facts.video.codec).toBe('h264')
  expect(facts.audio.map(({ channels }) => channels)).toEqual([2, 2])
  expect(facts.bitrate).toBeGreaterThan(50)
  expect(facts.keyframeSeconds).toBeGreaterThan(0.3)
}, 40_000)
