import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { sleep } from '@/lib/kernel/time'
import { coreCapacity, freeCores, takeCores } from './admission'
import { buildArguments, type FfmpegPlan } from './arguments'
import { countFfmpeg, runFfmpeg } from './run'
import { ffmpegAbilities } from './self-test'

vi.stubEnv('DATABASE_URL', 'postgresql://nowhere.invalid/none')
vi.stubEnv('TRANSCODE_CORES', '2')

const limits = { totalMs: 20_000, stallMs: 10_000 }
const drawn = (size: string, seconds: number) => ({
  format: 'lavfi',
  decoders: [],
  from: { lavfi: `testsrc2=size=${size}:rate=25:duration=${seconds}` },
})
const fed = (format: string, decoders: string[]) => ({ format, decoders, from: 'pipe' as const })
const toStream = {
  format: 'mpegts',
  to: 'pipe' as const,
  options: ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
}
const passing = { format: 'null', to: 'pipe' as const, options: [] }

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ffmpeg-'))
})
afterEach(async () => {
  rmSync(folder, { recursive: true })
  await vi.waitFor(() => expect([countFfmpeg(), freeCores()]).toEqual([0, 2]), { timeout: 10_000 })
})

const isAlive = (pid: number | undefined) => pid !== undefined && existsSync(`/proc/${pid}`)

describe('the runner', () => {
  test('gives what was made on its pipe', async () => {
    const run = runFfmpeg({ plan: { inputs: [drawn('320x180', 1)], outputs: [toStream] }, limits, cores: 0.5 })
    expect(freeCores()).toBe(1.5)
    const chunks: Buffer[] = []
    for await (const chunk of run.outputs[0] ?? []) chunks.push(chunk as Buffer)
    expect(await run.end).toEqual({ kind: 'finished' })
    const bytes = Buffer.concat(chunks)
    expect(bytes.length % 188).toBe(0)
    expect(bytes[0]).toBe(0x47)
    expect(isAlive(run.pid)).toBe(false)
  })

  test('several outputs leave by several pipes, and one by a file', async () => {
    const file = join(folder, '-evil: name.ts')
    const plan = { inputs: [drawn('320x180', 1)], outputs: [toStream, { ...toStream, to: { file } }, toStream] }
    const run = runFfmpeg({ plan, limits, cores: 0 })
    const sizes = run.outputs.map(() => 0)
    for (const [at, output] of run.outputs.entries())
      output.on('data', (chunk: Buffer) => (sizes[at] = (sizes[at] ?? 0) + chunk.length))
    expect(await run.end).toEqual({ kind: 'finished' })
    expect(sizes).toHaveLength(2)
    for (const size of [...sizes, readFileSync(file).length]) expect(size).toBeGreaterThan(10_000)
  })

  test('an end that was asked for is none of its faults', async () => {
    const run = runFfmpeg({ plan: { inputs: [fed('mpegts', ['h264'])], outputs: [toStream] }, limits, cores: 1 })
    await sleep(200)
    run.stop()
    expect(await run.end).toEqual({ kind: 'stopped' })
    expect(isAlive(run.pid)).toBe(false)
  })

  test('one that does not listen is killed', async () => {
    const run = runFfmpeg({ plan: { inputs: [drawn('1280x720', 600)], outputs: [toStream] }, limits, cores: 0 })
    await sleep(300)
    // Nobody reads: it hangs in a write.
    run.stop(300)
    expect(await run.end).toEqual({ kind: 'stopped' })
  })

  test('kill -9 from outside is seen', async () => {
    const run = runFfmpeg({ plan: { inputs: [fed('mpegts', ['h264'])], outputs: [toStream] }, limits, cores: 1 })
    process.kill(run.pid ?? 0, 'SIGKILL')
    expect(await run.end).toMatchObject({ kind: 'failed', error: { code: 'TRANSCODE_FAILED' } })
    expect(freeCores()).toBe(2)
  })

  test('a picture far too large ends with the limit, its cores back', async () => {
    const startedAt = performance.now()
    const run = runFfmpeg({
      plan: { inputs: [drawn('7680x4320', 600)], outputs: [toStream] },
      limits: { totalMs: 1_500, stallMs: 10_000 },
      cores: 2,
    })
    run.outputs[0]?.resume()
    expect(await run.end).toMatchObject({ kind: 'failed', error: { code: 'TRANSCODE_LIMIT' } })
    expect(performance.now() - startedAt).toBeLessThan(3_500)
    expect(freeCores()).toBe(2)
    expect(isAlive(run.pid)).toBe(false)
  })

  test('one that stands still with work before it is killed; one that waits is not', async () => {
    const waiting = runFfmpeg({
      plan: { inputs: [fed('mpegts', ['h264'])], outputs: [toStream] },
      limits: { totalMs: null, stallMs: 400 },
      cores: 0,
    })
    const stuck = runFfmpeg({
      plan: { inputs: [fed('mpegts', ['h264'])], outputs: [toStream] },
      limits: { totalMs: null, stallMs: 400 },
      cores: 0,
    })
    process.kill(stuck.pid ?? 0, 'SIGSTOP')
    stuck.inputs[0]?.write(Buffer.alloc(4 * 2 ** 20, 0xff))
    expect(await stuck.end).toMatchObject({ kind: 'failed', error: { code: 'TRANSCODE_LIMIT' } })
    expect(isAlive(waiting.pid)).toBe(true)
    waiting.stop()
    await waiting.end
  })

  test('a file that grows too large ends it', async () => {
    const file = join(folder, 'large.ts')
    const run = runFfmpeg({
      plan: { inputs: [drawn('1280x720', 600)], outputs: [{ ...toStream, to: { file } }] },
      limits: { ...limits, maxFileBytes: 200_000 },
      cores: 0,
    })
    expect(await run.end).toMatchObject({ kind: 'failed' })
    expect(readFileSync(file).length).toBeLessThanOrEqual(200_000)
  })

  test('a form that it does not know fails', async () => {
    const run = runFfmpeg({ plan: { inputs: [fed('nothing-of-the-kind', [])], outputs: [passing] }, limits, cores: 1 })
    expect(await run.end).toMatchObject({ kind: 'failed', error: { code: 'TRANSCODE_FAILED' } })
  })

  test('secret options are in no list of processes', async () => {
    const key = '00112233445566778899aabbccddeeff'
    const secretOptions = ['encryption_scheme=cenc-aes-ctr', `encryption_key=${key}`, `encryption_kid=${key}`]
    const file = join(folder, 'sealed.mp4')
    const plan = { inputs: [drawn('320x180', 3)], outputs: [{ ...toStream, format: 'mp4', to: { file }, secretOptions }] }
    const run = runFfmpeg({ plan, limits, cores: 0 })
    const argv = readFileSync(`/proc/${run.pid}/cmdline`, 'utf8')
    expect(argv).not.toContain(key)
    expect(await run.end).toEqual({ kind: 'finished' })
    expect(readFileSync(file).includes('encv')).toBe(true)
  })
})

describe('what FFmpeg may reach', () => {
  test('a playlist where a stream should be opens nothing', async () => {
    let hits = 0
    const canary = http.createServer((_, response) => {
      hits++
      response.end()
    })
    await new Promise<void>(done => canary.listen(0, '127.0.0.1', done))
    const address = `http://127.0.0.1:${(canary.address() as AddressInfo).port}/x`
    const bodies = [
      `#EXTM3U\n#EXTINF:10,\n${address}\n#EXT-X-ENDLIST\n`,
      `#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n`,
      `ffconcat version 1.0\nfile ${address}\n`,
    ]
    for (const body of bodies) {
      for (const format of ['mpegts', 'hls', 'concat', 'matroska']) {
        const run = runFfmpeg({ plan: { inputs: [fed(format, ['h264'])], outputs: [toStream] }, limits, cores: 0 })
        run.inputs[0]?.end(body)
        run.outputs[0]?.resume()
        expect(await run.end).toMatchObject({ kind: 'failed' })
      }
    }
    expect(hits).toBe(0)
    await new Promise(done => canary.close(done))
  })

  test('only listed decoders are opened', async () => {
    const made = runFfmpeg({
      plan: { inputs: [drawn('320x180', 1)], outputs: [{ format: 'mpegts', to: 'pipe', options: ['-c:v', 'mpeg2video'] }] },
      limits,
      cores: 0,
    })
    const run = runFfmpeg({ plan: { inputs: [fed('mpegts', ['h264'])], outputs: [toStream] }, limits, cores: 0 })
    for await (const chunk of made.outputs[0] ?? []) run.inputs[0]?.write(chunk)
    run.inputs[0]?.end()
    run.outputs[0]?.resume()
    const end = await run.end
    expect(end.kind === 'failed' && end.error.message).toContain('not on whitelist')
  })

  test('a picture beyond 8K is not opened', async () => {
    const options = ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-frames:v', '1', '-q:v', '31']
    const plan = { inputs: [drawn('9000x5000', 1)], outputs: [{ format: 'mjpeg', to: 'pipe' as const, options }] }
    const made = runFfmpeg({ plan, limits, cores: 0 })
    const run = runFfmpeg({ plan: { inputs: [fed('mjpeg', ['mjpeg'])], outputs: [passing] }, limits, cores: 0 })
    for await (const chunk of made.outputs[0] ?? []) run.inputs[0]?.write(chunk)
    run.inputs[0]?.end()
    run.outputs[0]?.resume()
    const end = await run.end
    expect(end.kind === 'failed' && end.error.message).toMatch(/dimensions|pixels|size/i)
  })

  test('no name becomes an option', () => {
    const alphabet = [
      '-',
      '-i',
      '\n',
      ' ',
      '"',
      "'",
      ';',
      '$(x)',
      'http://x',
      ':',
      '%d',
      '\u{1F600}',
      '\u202e',
      'é',
      '=',
      ',',
      '\\',
      'a',
    ]
    const plan = (name: string): FfmpegPlan => ({
      inputs: [{ ...fed('matroska', ['h264']), from: { file: `/media/${name}` } }],
      outputs: [{ ...toStream, to: { file: `/made/${name}` } }],
    })
    const usual = buildArguments(plan('usual'))
    const slots = usual.flatMap((each, at) => (each.includes('usual') ? [at] : []))
    expect(slots).toHaveLength(2)
    let seed = 1
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % below
    }
    for (let round = 0; round < 10_000; round++) {
      const name = Array.from({ length: 1 + random(12) }, () => alphabet[random(alphabet.length)]).join('')
      const made = buildArguments(plan(name))
      expect(made.filter((_, at) => !slots.includes(at))).toEqual(usual.filter((_, at) => !slots.includes(at)))
      expect(slots.map(at => made[at])).toEqual([`file:/media/${name}`, `file:/made/${name}`])
    }
    expect(() => buildArguments({ inputs: [], outputs: [{ ...toStream, to: { file: '-evil.mkv' } }] })).toThrow('absolute')
  })
})

describe('the cores', () => {
  test('what is not free is refused, and what is given back is free again', () => {
    expect(coreCapacity()).toBe(2)
    const first = takeCores(1.5)
    expect(() => takeCores(0.6)).toThrow(expect.objectContaining({ code: 'TRANSCODE_BUSY' }))
    const second = takeCores(0.5)
    first.release()
    first.release()
    expect(freeCores()).toBe(1.5)
    second.release()
  })

  test('what nobody waits for ends when a viewer needs its cores, the newest first, and gets none that are in use', async () => {
    let isAwaited = false
    const plan = { inputs: [drawn('320x180', 600)], outputs: [toStream] }
    const ahead = (standsBack: () => boolean) => runFfmpeg({ plan, limits, cores: 1, standsBack })
    const [first, second] = [ahead(() => !isAwaited), ahead(() => true)]
    expect(freeCores()).toBe(2)
    expect(() => ahead(() => true)).toThrow(expect.objectContaining({ code: 'TRANSCODE_BUSY' }))
    const urgent = takeCores(1)
    expect(await second.end).toMatchObject({ kind: 'failed', error: { code: 'TRANSCODE_BUSY' } })
    expect(isAlive(first.pid)).toBe(true)
    isAwaited = true
    expect(() => takeCores(1)).toThrow(expect.objectContaining({ code: 'TRANSCODE_BUSY' }))
    urgent.release()
    first.stop(0)
    await first.end
  })
})

test('the abilities of this FFmpeg are found', async () => {
  const abilities = await ffmpegAbilities()
  expect(abilities?.version).toMatch(/\d/)
  for (const name of ['libx264', 'aac']) expect(abilities?.encoders).toContain(name)
  for (const name of ['yadif', 'scale', 'overlay']) expect(abilities?.filters).toContain(name)
  expect(abilities?.decoders).toContain('mpeg2video')
})
