import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBox, listBoxes } from './box-places'
import { protectInit } from './protect-init'
import { protectSegment } from './protect-segment'

const keyId = '00112233445566778899aabbccddeeff'
const key = '0123456789abcdef0123456789abcdef'
const folder = mkdtempSync(join(tmpdir(), 'protect-'))
const ffmpeg = (...args: string[]) =>
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...args], { maxBuffer: 2 ** 26, timeout: 60_000 })
const at = (name: string) => join(folder, name)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

beforeAll(() => {
  const shape = ['-movflags', '+frag_keyframe+empty_moov+default_base_moof', '-f', 'mp4']
  const pictures = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25:d=6', '-f', 'lavfi', '-i', 'sine=440:d=6']
  // Several slices a picture, and some of them shorter than what stays clear.
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-slices', '4', '-pix_fmt', 'yuv420p', '-c:a', 'aac']
  ffmpeg('-y', ...pictures, ...codecs, ...shape, at('both.mp4'))
  ffmpeg('-y', '-i', at('both.mp4'), '-an', '-c', 'copy', ...shape, at('video.mp4'))
  ffmpeg('-y', '-i', at('both.mp4'), '-vn', '-c', 'copy', ...shape, at('audio.mp4'))
})

/** The file as an initialisation segment and fragments of its own. */
function split(name: string): { init: Buffer; fragments: Buffer[] } {
  const bytes = readFileSync(at(name))
  const boxes = listBoxes(bytes)
  const first = boxes.findIndex(({ type }) => type === 'moof')
  const starts = boxes.filter(({ type }) => type === 'moof').map(({ start }) => start)
  const end = boxes.findLast(({ type }) => type === 'mdat')?.end ?? 0
  const fragments = starts.map((start, index) => bytes.subarray(start, starts[index + 1] ?? end))
  return { init: bytes.subarray(0, boxes[first]?.start), fragments }
}

function protect(name: string) {
  const { init, fragments } = split(name)
  const made = protectInit(init, keyId)
  return { ...made, fragments: fragments.map(fragment => protectSegment(fragment, key, made.tracks)), clear: fragments }
}

/** Read from a pipe: from a file FFmpeg 5.1 looks up the start values of later fragments in the wrong place. */
function hashes(bytes: Buffer, ...options: string[]): string[] {
  const args = ['-v', 'quiet', ...options, '-i', 'pipe:0', '-f', 'framemd5', 'pipe:1']
  const text = execFileSync('ffmpeg', args, { input: bytes, maxBuffer: 2 ** 26, timeout: 60_000 }).toString()
  return text.split('\n').filter(line => line !== '' && !line.startsWith('#'))
}

test.each(['both', 'video', 'audio'])('FFmpeg decrypts %s to the very same frames', name => {
  const { init, fragments } = protect(`${name}.mp4`)
  const clear = hashes(readFileSync(at(`${name}.mp4`)))
  expect(clear.length).toBeGreaterThan(100)
  expect(hashes(Buffer.concat([init, ...fragments]), '-decryption_key', key)).toEqual(clear)
})

test('with another key nothing of it can be seen', () => {
  const { init, fragments } = protect('video.mp4')
  const clear = new Set(hashes(readFileSync(at('video.mp4'))).map(line => line.split(',').at(-1)))
  const wrong = hashes(Buffer.concat([init, ...fragments]), '-decryption_key', 'f'.repeat(32), '-err_detect', 'ignore_err')
  expect(clear.size).toBeGreaterThan(100)
  expect(wrong.filter(line => clear.has(line.split(',').at(-1)))).toEqual([])
})

test('most of the picture is encrypted, and no two samples alike', () => {
  const first = protect('video.mp4')
  const second = protect('video.mp4')
  const [before, one, two] = [first.clear[0], first.fragments[0], second.fragments[0]].map(fragment => payload(fragment))
  if (before === undefined || one === undefined || two === undefined) throw new Error('no payload')
  expect(one.length).toBe(before.length)
  const changed = one.filter((byte, index) => byte !== before[index]).length
  expect(changed / before.length).toBeGreaterThan(0.7)
  expect(one.equals(two)).toBe(false)
})

test('the initialisation segment names the key id and the scheme', () => {
  const { init, tracks } = protect('both.mp4')
  expect(tracks).toEqual([
    { id: 1, kind: 'video', nalLengthBytes: 4 },
    { id: 2, kind: 'audio', nalLengthBytes: null },
  ])
  const pssh = findBox(init, 'moov/pssh')
  expect(pssh && init.subarray(pssh.body, pssh.end).includes(Buffer.from(keyId, 'hex'))).toBe(true)
  expect(init.includes('encv') && init.includes('enca') && init.includes('cenc')).toBe(true)
  expect(init.includes(Buffer.from(key, 'hex'))).toBe(false)
})

test('what is no film is refused', () => {
  expect(() => protectInit(Buffer.from('nothing'), keyId)).toThrow(expect.objectContaining({ code: 'UPSTREAM_PROTOCOL_ERROR' }))
})

function payload(fragment: Buffer | undefined): Buffer {
  const box = fragment && findBox(fragment, 'mdat')
  return box && fragment ? fragment.subarray(box.body, box.end) : Buffer.alloc(0)
}
