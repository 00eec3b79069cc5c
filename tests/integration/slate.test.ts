import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

let dataDir = ''
const slate = () => import('@/lib/playback/slate')

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'watchtheflix-slate-'))
  Object.assign(process.env, { DATA_DIR: dataDir, DATABASE_URL: 'postgresql://localhost/none', LOG_LEVEL: 'silent' })
})

afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

test('a slate is six seconds of H.264 and AAC, made once however many ask', async () => {
  const { slateFor } = await slate()
  const reason = 'All streams of this line are in use. <Close> one & try again.'
  const [first, second] = await Promise.all([slateFor(reason), slateFor(reason)])
  expect(first).not.toBe(null)
  expect(second).toBe(first)
  const files = readdirSync(join(dataDir, 'slates'))
  expect(files).toHaveLength(1)
  const file = join(dataDir, 'slates', files[0] ?? '')
  const output = execFileSync('ffprobe', ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', file])
  const { streams, format } = JSON.parse(output.toString())
  const [video, audio] = ['video', 'audio'].map(type =>
    streams.find((stream: { codec_type: string }) => stream.codec_type === type),
  )
  expect([video.codec_name, video.width, video.height, audio.codec_name, format.format_name]).toEqual([
    'h264',
    1280,
    720,
    'aac',
    'mpegts',
  ])
  expect(Number(video.duration)).toBeCloseTo(6, 0)
  const { mtimeMs } = statSync(file)
  expect(await slateFor(reason)).toEqual(first)
  expect(statSync(file).mtimeMs).toBe(mtimeMs)
})

test('without FFmpeg there is no slate, and no failure', async () => {
  const { env } = await import('@/lib/platform/env')
  const path = env().FFMPEG_PATH
  env().FFMPEG_PATH = '/nowhere/ffmpeg'
  try {
    const { slateFor } = await slate()
    expect(await slateFor('This channel is not sending right now.')).toBe(null)
  } finally {
    env().FFMPEG_PATH = path
  }
})
