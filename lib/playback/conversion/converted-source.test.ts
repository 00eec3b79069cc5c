import { execFileSync } from 'node:child_process'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, expect, test, vi } from 'vitest'
import { sleep } from '@/lib/kernel/time'
import { countFfmpeg, type FfmpegPlan } from '@/lib/platform/ffmpeg'
import { sampleMedia } from '../sample-media.test-support'
import { convertStretch } from './converted-source'

vi.stubEnv('DATABASE_URL', 'postgresql://nowhere.invalid/none')
vi.stubEnv('TRANSCODE_CORES', '1')

const copy: FfmpegPlan = {
  inputs: [{ format: 'mpegts', decoders: ['h264', 'aac'], from: 'pipe' }],
  outputs: [{ format: 'mpegts', to: 'pipe', options: ['-c', 'copy'] }],
}
const stretch = () => Readable.from([sampleMedia({ seconds: 10, kilobits: 3_000 })])
const listChildren = () =>
  execFileSync('pgrep', ['-P', String(process.pid), 'ffmpeg'], { encoding: 'utf8' })
    .trim()
    .split('\n')

afterEach(() => vi.waitFor(() => expect(countFfmpeg()).toBe(0), { timeout: 5_000 }))

test('a slow reader gets the same as a quick one, to the last byte', async () => {
  const quick = await buffer(convertStretch(stretch(), copy, { cores: 0.1 }))
  const slow = convertStretch(stretch(), copy, { cores: 0.1 })
  const parts: Buffer[] = []
  for await (const part of slow) {
    parts.push(part)
    await sleep(5)
  }
  expect(Buffer.concat(parts).length).toBe(quick.length)
})

test('an FFmpeg that dies before anybody read what it wrote is gone, and its reader is told', async () => {
  const body = convertStretch(stretch(), copy, { cores: 0.1 })
  const failed = new Promise(resolve => body.once('error', resolve))
  await vi.waitFor(() => expect(body.readableLength).toBeGreaterThan(0), { timeout: 5_000 })
  // Until all pipes are full.
  await sleep(300)
  for (const pid of listChildren()) process.kill(Number(pid), 'SIGKILL')
  await expect(failed).resolves.toMatchObject({ code: 'TRANSCODE_FAILED' })
  await vi.waitFor(() => expect(countFfmpeg()).toBe(0), { timeout: 5_000 })
})
