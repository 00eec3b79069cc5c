import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { FilmPiece, FilmStream } from '@/lib/playback'
import { measured, until } from '@/lib/playback/relay/paced-provider.test-support'
import type { Capabilities } from '@/lib/playback/schema'
import { prepareFormatFilms } from '../fakes/provider/film-files.ts'
import { FORMAT_SECONDS, formatFilmId } from '../fakes/provider/film-recipes.ts'
import { startWorld, type World } from './harness'
import { createWorld } from './playback-world'

const chromium: Capabilities = {
  video: ['h264', 'vp9', 'av1'],
  audio: ['aac', 'mp3', 'opus', 'flac'],
  containers: ['mp4', 'webm'],
}
const played = [
  'plain.mp4',
  'languages.mkv',
  'languages.mp4',
  'ass.mkv',
  'ac3.mkv',
  'ac3.ts',
  'aac.ts',
  'tail.mp4',
  'mpeg2.ts',
  'divx.avi',
  'h264.avi',
  'h264-ac3.avi',
  'h264-ahead.avi',
  'h264-open.avi',
  'h264-halves.avi',
  'main10.mkv',
  'film-rate.mkv',
  'no-index.mkv',
  'holes.mkv',
  'noise.mkv',
  'page.mkv',
  'empty.mkv',
  'late.mkv',
  'pq.mkv',
  'hlg.mp4',
  'headless.mp4',
  'unknown.mkv',
  'media.wmv',
]
const only = process.env.FILMS?.split(',')
let world: World
let work = ''

const rooms = async () => ({
  playback: await import('@/lib/playback'),
  plans: await import('@/lib/playback/session-plans'),
  ffmpeg: await import('@/lib/platform/ffmpeg'),
})

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'watchtheflix-films-'))
  await prepareFormatFilms(work, only ?? played)
  world = await startWorld({ mediaDir: work, env: { TRANSCODE_CORES: '8' } })
}, 240_000)

afterEach(async () => {
  const { plans, ffmpeg } = await rooms()
  for (const plan of plans.listPlans()) await plans.forgetPlan(plan.record.id)
  await until(() => ffmpeg.countFfmpeg() === 0 && (world.provider.stats.connections.formats?.now ?? 0) === 0)
  expect(ffmpeg.freeCores()).toBe(8)
})

afterAll(async () => {
  await world.end()
  rmSync(work, { recursive: true, force: true })
})

async function openFilm(name: string, wishes: { convert?: 'audio' | 'all'; maxHeight?: number } = {}, limit = 1) {
  const { playback } = await rooms()
  const container = name.slice(name.lastIndexOf('.') + 1)
  const { viewer, item } = await createWorld(
    world.providerUrl,
    limit,
    [{ kind: 'movie', ids: [formatFilmId(name)], container }],
    'formats',
  )
  const ask = () => playback.openPlayback(viewer, { itemId: item(0).id, capabilities: chromium, ...wishes })
  const view = await ask()
  const [, , kind = '', token = ''] = view.url.split('/')
  const film = kind === 'film' ? await playback.streamAccess('page').film(token) : null
  return { view, viewer, ask, kind, film: film as FilmStream }
}

const soon = () => AbortSignal.timeout(30_000)

/** Resolves once pieces have been kept in this folder and no more come. */
async function quiet(folder: string): Promise<void> {
  const names = () => (existsSync(folder) ? readdirSync(folder).join() : '')
  for (let before = ''; before === '' || before !== names(); await new Promise(done => setTimeout(done, 500))) before = names()
}
const bytesOf = (piece: FilmPiece) => ('bytes' in piece ? piece.bytes : Buffer.from(piece.text))
const textOf = async (film: FilmStream, name: string) => bytesOf(await film.open(name, soon())).toString()
const rowsOf = (text: string) => text.split('\n').filter(line => line !== '' && !line.startsWith('#'))

/** A whole rendition as one file, as a player would put it together. */
async function gather(film: FilmStream, name: string, numbers?: number[]): Promise<string> {
  const rows = rowsOf(await textOf(film, `${name}.m3u8`))
  const wanted = numbers === undefined ? rows : numbers.map(number => rows[number] ?? '')
  const parts = [bytesOf(await film.open(`${name}-init.mp4`, soon()))]
  for (const row of wanted) parts.push(bytesOf(await film.open(row, soon())))
  const file = join(work, `${name}.mp4`)
  writeFileSync(file, Buffer.concat(parts))
  return file
}

/** What an independent reader finds in it. */
function decode(file: string) {
  const read = (...args: string[]) =>
    execFileSync('ffprobe', ['-v', 'error', '-of', 'json', ...args, file], { encoding: 'utf8', maxBuffer: 2 ** 26 })
  const complaints = execFileSync('sh', ['-c', `ffmpeg -v error -i '${file}' -f null - 2>&1 | head -3`], { encoding: 'utf8' })
  const { streams, frames } = JSON.parse(
    read('-show_streams', '-show_frames', '-show_entries', 'frame=pts_time,duration_time,pkt_duration_time:stream'),
  )
  const times = (frames as { pts_time: string }[]).map(frame => Number(frame.pts_time))
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
  const usual = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0
  return { stream: streams[0], times, usual, odd: gaps.filter(gap => Math.abs(gap - usual) > usual * 0.6).length, complaints }
}

/** What each film is played as. Those that are not in `played` are tried with FILMS=name,name. */
const modes: [name: string, mode: string, codec: string][] = [
  ...['plain.mp4', 'tail.mp4', 'quick.mov', 'vp9.webm'].map((name): [string, string, string] => [name, 'file', '']),
  ...[
    'aac.mkv',
    'mp3.mkv',
    'flac.mkv',
    'opus.mkv',
    'languages.mp4',
    'languages.ts',
    'aac.ts',
    'mp3.ts',
    'no-index.mkv',
    'fifty.mkv',
    'h264.avi',
    'h264-vbr.avi',
    'h264-ahead.avi',
  ].map((name): [string, string, string] => [name, 'remux', 'h264']),
  ['vp9.mkv', 'remux', 'vp9'],
  ...[
    'languages.mkv',
    'ac3.mkv',
    'ac3.mp4',
    'ac3.ts',
    'eac3.mkv',
    'eac3.ts',
    'mp2.ts',
    'dts.mkv',
    'truehd.mkv',
    'surround.mkv',
    'cd.mkv',
    'late.mkv',
    'film-rate.mkv',
    'vorbis.mkv',
    'pcm.mkv',
    'long-groups.mkv',
    'h264-ac3.avi',
  ].map((name): [string, string, string] => [name, 'audio', 'h264']),
  ...[
    'mpeg2.ts',
    'mpeg2.mkv',
    'broadcast.ts',
    'ntsc.ts',
    'divx.avi',
    'divx-ac3.avi',
    'h264-open.avi',
    'h264-halves.avi',
    'asp.mp4',
    'main10.mkv',
    'high10.mkv',
    'hevc.mkv',
    'hevc.mp4',
    'hevc.ts',
    'halves.mkv',
    'odd-size.mkv',
    'anamorphic.mkv',
    'vp8.webm',
  ].map((name): [string, string, string] => [name, 'transcode', 'h264']),
]
const rates: Record<string, number> = { 'film-rate.mkv': 24_000 / 1_001, 'ntsc.ts': 30_000 / 1_001, 'fifty.mkv': 50 }

describe.each(modes.filter(([name]) => (only ?? played).includes(name)))('%s', (name, mode, codec) => {
  test(`plays as ${mode}: every frame once, sound without a gap, one connection`, async () => {
    const began = performance.now()
    const { view, film, kind } = await openFilm(name)
    expect(view.decision.mode).toBe(mode)
    if (mode === 'file') {
      expect(kind).toBe('file')
      return
    }
    const master = await textOf(film, 'index.m3u8')
    const [video = ''] = rowsOf(master).map(row => row.replace('.m3u8', ''))
    await film.open(`${video}-0.m4s`, soon())
    measured(`${name}: opened and first segment after ${Math.round(performance.now() - began)} ms`)
    const picture = decode(await gather(film, video))
    expect(picture.stream.codec_name).toBe(codec)
    const rate = rates[name] ?? 25
    expect(Math.abs(picture.times.length - FORMAT_SECONDS * rate), 'frames').toBeLessThanOrEqual(2)
    // FFmpeg's own AVI leaves its second picture out.
    expect(picture.odd, 'jumps').toBeLessThanOrEqual(name.endsWith('.avi') ? 1 : 0)
    expect(picture.complaints).toBe('')
    const sound = decode(await gather(film, 'a0'))
    expect(sound.odd, 'gaps').toBe(0)
    expect(sound.times.at(-1)).toBeGreaterThan(FORMAT_SECONDS - 0.5)
    expect(sound.complaints).toBe('')
    expect(world.provider.stats.connections.formats?.max).toBe(1)
  })
})

describe.runIf(only === undefined)('what is in a film', () => {
  test('languages and names stand in the playlist, each leads to its own sound, and text says what it should', async () => {
    const { film } = await openFilm('languages.mkv')
    const master = await textOf(film, 'index.m3u8')
    expect(master).toContain('LANGUAGE="eng",NAME="English"')
    expect(master).toContain('LANGUAGE="ger",NAME="German"')
    expect(master).toMatch(/TYPE=SUBTITLES.*LANGUAGE="fre".*URI="s0\.m3u8"/)
    expect(master).toMatch(
      /BANDWIDTH=\d+,AVERAGE-BANDWIDTH=\d+,CODECS="avc1\.[0-9A-F]{6},mp4a\.40\.2",RESOLUTION=320x180,FRAME-RATE=25\.000/i,
    )
    const pitch = async (name: string) => {
      const file = await gather(film, name, [0, 1])
      const args = ['-v', 'error', '-i', file, '-af', 'aspectralstats,ametadata=print:file=-', '-f', 'null', '-']
      const found = [...execFileSync('ffmpeg', args, { encoding: 'utf8' }).matchAll(/centroid=([\d.]+)/g)].map(([, value]) =>
        Number(value),
      )
      return found[Math.floor(found.length / 2)] ?? 0
    }
    const [english, german] = [await pitch('a0'), await pitch('a1')]
    expect(german).toBeGreaterThan(english * 1.4)
    expect(await textOf(film, 's0-0.vtt')).toMatch(/00:00:01\.0\d\d --> 00:00:05\.0\d\d\nHello there/)
    expect(await textOf(film, 's0-3.vtt')).toContain('<i>Second</i> line')
  })

  test.each(['languages.mp4', 'ass.mkv'])('the text of %s', async name => {
    const { film } = await openFilm(name)
    expect(await textOf(film, 's0-0.vtt')).toMatch(/00:00:01\.0\d\d --> 00:00:05\.0\d\d[^\n]*\nHello there/)
  })

  test('sound made after a seek joins the sound made before it without a gap', async () => {
    const { film } = await openFilm('ac3.mkv')
    await film.open('a0-4.m4s', soon())
    await film.open('a0-1.m4s', soon())
    const sound = decode(await gather(film, 'a0'))
    expect(sound.odd).toBe(0)
    expect(sound.complaints).toBe('')
  })

  test('a second viewer gets the same pieces from disk, and what is known of the file costs no request', async () => {
    const { ask, viewer, film, view } = await openFilm('main10.mkv')
    const { playback, ffmpeg } = await rooms()
    const first = bytesOf(await film.open(`${rowsOf(await textOf(film, 'index.m3u8'))[0]?.replace('.m3u8', '')}-2.m4s`, soon()))
    await playback.closePlayback(viewer, view.sessionId)
    await until(() => ffmpeg.countFfmpeg() === 0)
    const opened = world.provider.stats.connections.formats?.opened
    const again = await ask()
    const other = await playback.streamAccess('page').film(again.url.split('/')[3] ?? '')
    const second = bytesOf(
      await other.open(`${rowsOf(await textOf(other, 'index.m3u8'))[0]?.replace('.m3u8', '')}-2.m4s`, soon()),
    )
    expect(second.equals(first)).toBe(true)
    expect(world.provider.stats.connections.formats?.opened).toBe(opened)
  })

  test('two viewers at one place have it encoded once, and the one who leaves takes nothing from the other', async () => {
    const { ask, viewer, film, view } = await openFilm('main10.mkv', {}, 2)
    const { playback, ffmpeg } = await rooms()
    const again = await ask()
    const other = await playback.streamAccess('page').film(again.url.split('/')[3] ?? '')
    const [name = ''] = rowsOf(await textOf(film, 'index.m3u8')).map(row => row.replace('.m3u8', ''))
    const folder = join(process.env.DATA_DIR ?? '', 'segments', String(view.sourceId))
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
    let most = 0
    const look = setInterval(() => {
      most = Math.max(most, ffmpeg.countFfmpeg())
    }, 5)
    const [one, two] = await Promise.all([film.open(`${name}-0.m4s`, soon()), other.open(`${name}-0.m4s`, soon())])
    expect(bytesOf(one).equals(bytesOf(two))).toBe(true)
    // What lies ahead of both is made once, too.
    await until(() => ffmpeg.countFfmpeg() === 0)
    clearInterval(look)
    expect(most).toBe(1)
    await quiet(folder)
    rmSync(folder, { recursive: true, maxRetries: 10, retryDelay: 50 })
    const here = film.open(`${name}-1.m4s`, soon()).catch(() => null)
    await until(() => ffmpeg.countFfmpeg() > 0)
    const there = other.open(`${name}-1.m4s`, soon())
    await playback.closePlayback(viewer, view.sessionId)
    expect(bytesOf(await there).length).toBeGreaterThan(2_000)
    await here
  })

  // As PQ is, read as SDR, its white would be grey (143) and its red a pink (V 152).
  test.each(['pq.mkv', 'hlg.mp4'])(
    'the light of HDR in %s becomes that of SDR: bright white, deep black, red that is red',
    async name => {
      const { film, view } = await openFilm(name)
      expect(view.decision.mode).toBe('transcode')
      const file = await gather(film, 'v360', [0])
      expect(decode(file).stream).toMatchObject({
        pix_fmt: 'yuv420p',
        color_space: 'bt709',
        color_primaries: 'bt709',
        color_transfer: 'bt709',
      })
      const raw = execFileSync('ffmpeg', [
        ...['-nostdin', '-v', 'error', '-i', file, '-frames:v', '1'],
        ...['-vf', 'scale=4:1:flags=area', '-f', 'rawvideo', '-pix_fmt', 'yuv444p', '-'],
      ])
      const [black, grey, white, red] = [0, 1, 2, 3].map(at => ({ y: raw[at] ?? 0, v: raw[8 + at] ?? 0 }))
      expect(black?.y).toBeLessThan(22)
      expect(grey?.y).toBeGreaterThan(80)
      expect(grey?.y).toBeLessThan(110)
      expect(white?.y).toBeGreaterThan(165)
      expect(red?.v).toBeGreaterThan(195)
    },
  )

  test('a data saver gets a lower picture', async () => {
    const { film, view } = await openFilm('plain.mp4', { maxHeight: 144 })
    expect(view.decision).toMatchObject({ mode: 'transcode', code: 'TOO_LARGE' })
    expect(await textOf(film, 'index.m3u8')).toContain('RESOLUTION=256x144')
    expect(decode(await gather(film, 'v144', [0])).stream).toMatchObject({ width: 256, height: 144, codec_name: 'h264' })
  })
})

describe.runIf(only === undefined)('files that are not what they should be', () => {
  test.each([
    ['page.mkv', 'FILM_BROKEN', /damaged, or no film at all/],
    ['noise.mkv', 'FILM_BROKEN', /damaged, or no film at all/],
    ['headless.mp4', 'FILM_BROKEN', /damaged, or no film at all/],
    ['empty.mkv', 'FILM_BROKEN', /damaged, or no film at all/],
    ['unknown.mkv', 'FILM_FORMAT', /^The picture of this film is in a format that neither/],
    ['media.wmv', 'FILM_FORMAT', /Windows Media/],
  ])('%s is refused in plain words, also when it is to be converted, and FFmpeg is not asked', async (name, code, say) => {
    const { ffmpeg } = await rooms()
    for (const wishes of [{}, { convert: 'all' as const }]) {
      const refusal = await openFilm(name, wishes).catch(error => error)
      expect(refusal).toMatchObject({ code, retryable: false, say: expect.stringMatching(say) })
      expect(ffmpeg.countFfmpeg()).toBe(0)
    }
  })

  test('a server whose conversions are switched off says so instead of converting', async () => {
    const { film } = await openFilm('main10.mkv')
    const [video = ''] = rowsOf(await textOf(film, 'index.m3u8')).map(row => row.replace('.m3u8', ''))
    rmSync(join(process.env.DATA_DIR ?? '', 'segments'), { recursive: true, force: true })
    const { env } = await import('@/lib/platform/env')
    const { forget } = await import('@/lib/platform/shared')
    const before = env().TRANSCODE_CORES
    env().TRANSCODE_CORES = 0
    forget('film-configs')
    try {
      for (const name of [`${video}-init.mp4`, `${video}-0.m4s`])
        await expect(film.open(name, soon())).rejects.toMatchObject({
          code: 'CODEC_UNSUPPORTED',
          say: expect.stringMatching(/does not convert/),
        })
      await expect(openFilm('mpeg2.ts')).rejects.toMatchObject({ code: 'CODEC_UNSUPPORTED' })
    } finally {
      env().TRANSCODE_CORES = before
    }
  })

  test('a film with holes plays on behind them', async () => {
    const { film } = await openFilm('holes.mkv')
    const file = await gather(film, 'v')
    expect(decode(file).times.at(-1)).toBeGreaterThan(FORMAT_SECONDS - 1)
  })

  test('names that no playlist of ours holds are not there', async () => {
    const { film } = await openFilm('languages.mkv')
    for (const name of ['v-9999.m4s', 'a7.m3u8', 'x.m3u8', '../index.m3u8', 'v-init.m4s', 's0-0.m4s/..'])
      await expect(film.open(name, soon())).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
