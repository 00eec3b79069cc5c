import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type ClientWorld, pictureIn, startClientWorld, startForms } from '../integration/client-steps'
import { probe, run } from './programs'

// Players of Debian, as they are, against the gateway.

let world: ClientWorld
const home = mkdtempSync(join(tmpdir(), 'wtf-clients-'))
const HOUR = 3_600_000

beforeAll(async () => {
  world = await startClientWorld()
})

afterEach(() => world.hangUp())

afterAll(async () => {
  rmSync(home, { recursive: true, force: true })
  expect(world.failures).toEqual([])
  await world.endAll()
})

const live = (ending: string) => world.at('live', `${world.channel.id}${ending}`)
const mp4 = () => world.at('movie', `${world.mp4.id}.mp4`)
const aWhileAgo = () => new Date(Math.floor(Date.now() / HOUR) * HOUR - 5 * HOUR)

describe('ffprobe', () => {
  test.each<[string, () => string, string]>([
    ['live .ts', () => live('.ts'), 'mpegts'],
    ['live without an ending', () => live(''), 'mpegts'],
    ['the bare form', () => `${world.base}/${world.line.path}/${world.channel.id}`, 'mpegts'],
    ['live .m3u8', () => live('.m3u8'), 'hls'],
    ['a film', mp4, 'mov,mp4'],
    ['a Matroska film', () => world.at('movie', `${world.mkv.id}.mkv`), 'matroska'],
    ['an episode', () => world.at('series', `${world.episode.id}.${world.episode.ending}`), 'mov,mp4'],
  ])('%s has picture and sound', async (_name, address, format) => {
    const seen = await probe(address())
    expect(seen.format.format_name).toContain(format)
    expect(seen.streams.map(({ codec_type }) => codec_type)).toEqual(expect.arrayContaining(['video', 'audio']))
  })

  test.each(Object.keys(startForms(new Date(0))))('catch-up with START as %s', async form => {
    const at = (start = '') => `${world.base}/timeshift/${world.line.path}/1/${encodeURIComponent(start)}/${world.channel.id}.ts`
    const { epoch, [form]: start } = startForms(aWhileAgo())
    const seen = await probe(at(start))
    expect(seen.format.format_name).toBe('mpegts')
    expect(seen.streams.map(({ codec_type }) => codec_type)).toEqual(expect.arrayContaining(['video', 'audio']))
    // The same minute, not merely some picture.
    const minuteAt = async (address: string) => Buffer.from(await (await fetch(address)).arrayBuffer())
    const minute = await minuteAt(at(start))
    const [same, later] = [await minuteAt(at(epoch)), await minuteAt(at(String(Number(epoch) + 60)))]
    expect([minute.equals(same), minute.equals(later)]).toEqual([true, false])
  })

  test.each<[string, (start: string, epoch: string) => string, string]>([
    ['as a finished playlist', start => `/timeshift/${world.line.path}/10/${start}/${world.channel.id}.m3u8`, 'hls'],
    ['in the older order', start => `/timeshifts/${world.line.path}/1/${world.channel.id}/${start}.ts`, 'mpegts'],
    [
      'as a query',
      start => `/streaming/timeshift.php?${world.line.query}&stream=${world.channel.id}&start=${start}&duration=1`,
      'mpegts',
    ],
    ['as utc of a live address', (_start, epoch) => `/live/${world.line.path}/${world.channel.id}.ts?utc=${epoch}`, 'mpegts'],
  ])('catch-up %s', async (_name, path, format) => {
    const forms = startForms(aWhileAgo())
    const seen = await probe(`${world.base}${path(forms['day:hour-minute'] ?? '', forms.epoch ?? '')}`)
    expect(seen.format.format_name).toBe(format)
    // Ten minutes are two pieces of five: the length of a finished playlist is known.
    if (format === 'hls') expect(Number(seen.format.duration)).toBe(600)
  })
})

describe('ffmpeg', () => {
  test('a seek in a film reads ranges, not the film from its beginning', async () => {
    const args = ['-v', 'verbose', '-ss', '20', '-i', mp4(), '-t', '2', '-f', 'null', '-']
    const { code, errors } = await run('ffmpeg', args)
    expect(code).toBe(0)
    expect(Number(/frame=\s*(\d+)(?![\s\S]*frame=)/.exec(errors)?.[1])).toBeGreaterThan(30)
    const [, bytes, seeks] = /Statistics: (\d+) bytes read, (\d+) seeks/.exec(errors) ?? []
    expect(Number(seeks)).toBeGreaterThan(0)
    const whole = Number((await fetch(mp4(), { headers: { range: 'bytes=0-0' } })).headers.get('content-range')?.split('/')[1])
    expect(Number(bytes)).toBeLessThan(whole / 2)
  })

  test('five seconds of live without a complaint about the stream', async () => {
    const { code, errors } = await run('ffmpeg', ['-v', 'error', '-i', live('.ts'), '-t', '5', '-c', 'copy', '-f', 'null', '-'])
    expect([code, errors]).toEqual([0, ''])
  })
})

describe('mpv', () => {
  test.each<[string, () => string]>([
    ['live .ts', () => live('.ts')],
    ['live .m3u8', () => live('.m3u8')],
    ['a film', mp4],
  ])('%s plays for five seconds', async (_name, address) => {
    const { code, out, ms } = await run('mpv', ['--no-config', '--vo=null', '--ao=null', '--length=5', address()])
    const said = out.toString()
    expect({ code, said }).toMatchObject({
      code: 0,
      said: expect.stringMatching(/AO: \[null\][\s\S]*VO: \[null\][\s\S]*End of file/),
    })
    // Its outputs keep time though they show nothing.
    expect(ms).toBeGreaterThan(4_000)
  })
})

describe('VLC', () => {
  /** Of so many pictures that it shows it keeps one. */
  const KEPT_EACH = 5
  // VLC refuses to run as root.
  const asNobody = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : []
  const play = async (what: string, options: { until?: RegExp } = {}) => {
    const seen = mkdtempSync(join(home, 'seen-'))
    if (asNobody.length > 0) for (const folder of [home, seen]) chownSync(folder, 65_534, 65_534)
    const quiet = ['-vv', '--no-color', '--play-and-exit', '--run-time=5', '-V', 'dummy', '-A', 'dummy']
    const keep = ['--video-filter=scene', '--scene-format=jpg', `--scene-ratio=${KEPT_EACH}`, `--scene-path=${seen}`]
    const [program = 'cvlc', ...rest] = [...asNobody, 'cvlc', ...quiet, ...keep, what]
    const outcome = await run(program, rest, { ...options, env: { HOME: home, XDG_RUNTIME_DIR: home } })
    return { ...outcome, shown: readdirSync(seen).length * KEPT_EACH }
  }
  test.each<[string, () => string]>([
    ['live .ts', () => live('.ts')],
    ['live .m3u8', () => live('.m3u8')],
    ['a film', mp4],
  ])('%s plays', async (_name, address) => {
    // On a cold .m3u8 it buffers two or three times in its first seconds: our first segments are short and announced early, for
    // a picture within a second, and VLC wants a second in store. It recovers by itself, so most of the 125 pictures are enough.
    const { code, shown } = await play(address())
    expect(code).toBe(0)
    expect(shown).toBeGreaterThan(75)
  })

  test('the playlist opens and its first channel plays', async () => {
    const before = world.provider.stats.liveOpened
    const decoded = /Received first picture/
    const { errors } = await play(world.playlist('&type=m3u_plus&output=ts'), { until: decoded })
    // Left to itself it would play all of them, one after the other.
    expect(decoded.test(errors)).toBe(true)
    const [first] = (await world.api(world.line, '&action=get_live_streams')) as { stream_id: number }[]
    expect(errors).toContain(`/live/${world.line.path}/${first?.stream_id}.ts`)
    expect(world.provider.stats.liveOpened).toBe(before + 1)
  })
})

describe('streamlink', () => {
  test.each<[string, () => string]>([
    ['hls://', () => `hls://${live('.m3u8')}`],
    ['httpstream://', () => `httpstream://${live('.ts')}`],
  ])('%s brings a megabyte of transport stream', async (_name, address) => {
    const { out, errors } = await run('streamlink', ['--stdout', address(), 'best'], { enough: 1_000_000 })
    expect([pictureIn(out), out.length >= 1_000_000, errors]).toEqual(['ts', true, expect.anything()])
  })
})
