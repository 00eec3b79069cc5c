import { Readable } from 'node:stream'
import { describe, expect, test, vi } from 'vitest'
import type { SafeResponse } from '@/lib/platform/fetch'
import type { Film, FilmPacket } from '../film'
import { copySegment } from '../make/copy'
import { cuesOf } from '../make/text'
import { gatherElements, writeElement } from './ebml'
import { FilmBytes } from './film-bytes'
import { bytesOf } from './film-bytes.test-support'
import { el } from './matroska-ids'
import { u32, writeBox, writeFullBox } from './mp4-boxes'
import { readSamples } from './mp4-samples'
import { openFilm } from './open-film'

/** Files that claim more than they hold: what they cost is bounded by what they are, not by what they say. */
describe('a file that means harm', () => {
  test('a few bytes of table do not claim millions of samples', () => {
    const claimed = 20_000_000
    const stbl = Buffer.concat([
      writeFullBox('stsz', 0, u32(1, claimed)),
      writeFullBox('stsc', 0, u32(1, 1, claimed, 1)),
      writeFullBox('stco', 0, u32(1, 0)),
    ])
    expect(readSamples(stbl, 1_000, 0)).toBeNull()
  })

  test('a list of very many like elements is read in a moment', () => {
    const list = Buffer.concat(Array.from({ length: 200_000 }, () => writeElement(el.cuePoint)))
    const startedAt = performance.now()
    expect(gatherElements(list).get(el.cuePoint)).toHaveLength(200_000)
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })

  test('a film of a thousand years is none', async () => {
    const mdhd = writeFullBox('mdhd', 0, u32(0, 0, 1, 0), [0, 0, 0, 0])
    const table = [
      writeFullBox('stsd', 0, u32(1), writeBox('mp4a', Buffer.alloc(28))),
      writeFullBox('stts', 0, u32(1, 2, 0xffffffff)),
      writeFullBox('stsz', 0, u32(1, 2)),
      writeFullBox('stsc', 0, u32(1, 1, 2, 1)),
      writeFullBox('stco', 0, u32(1, 0)),
    ]
    const trak = writeBox(
      'trak',
      writeFullBox('tkhd', 0, Buffer.alloc(80)),
      writeBox(
        'mdia',
        mdhd,
        writeFullBox('hdlr', 0, u32(0), Buffer.from('soun'), Buffer.alloc(13)),
        writeBox('minf', writeBox('stbl', ...table)),
      ),
    )
    const mvhd = writeFullBox('mvhd', 0, u32(0, 0, 1, 0))
    const file = Buffer.concat([writeBox('ftyp', Buffer.from('isom')), writeBox('moov', mvhd, trak)])
    expect(await openFilm(bytesOf(file))).toBeNull()
  })

  test('sound whose time stands still does not fill the memory', async () => {
    const film = filmOf({ pts: 0, data: Buffer.alloc(2 ** 20), duration: null, isKey: true, track: 1 })
    const cut = { film, bytes: bytesOf(Buffer.alloc(1)), layout: { bounds: [0, 4, 8], kind: 'grid' as const }, number: 0 }
    const made = copySegment({ ...cut, track: film.tracks[0] as Film['tracks'][0], signal: AbortSignal.timeout(10_000) })
    await expect(made).rejects.toMatchObject({ code: 'UPSTREAM_TOO_LARGE' })
  })

  test('text that is no line of text is left out, and a moment has only so many lines', async () => {
    const cues = (data: string) => {
      const film = filmOf({ pts: 0, data: Buffer.from(data), duration: 1, isKey: true, track: 1 }, 5_000)
      const [track] = film.tracks
      const layout = { bounds: [0, 4], kind: 'grid' as const }
      const bytes = bytesOf(Buffer.alloc(1))
      return cuesOf({ film, bytes, layout, track: track as Film['tracks'][0], number: 0, signal: AbortSignal.timeout(10_000) })
    }
    expect(await cues('<font '.repeat(100_000))).toHaveLength(0)
    expect(await cues('Hello')).toHaveLength(2_000)
  })
})

/** A connection that is slower than the patience with idle ones still delivers, over one request. */
test('a slow file is read over one connection', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const body = new Readable({ read: () => {} })
  const bytes = new FilmBytes(async () => answer(body, 256 * 1_024))
  body.push(Buffer.alloc(128 * 1_024))
  await bytes.read(0, 1)
  const next = bytes.read(128 * 1_024, 1)
  await vi.advanceTimersByTimeAsync(9_000)
  body.push(Buffer.alloc(128 * 1_024))
  expect(await next).toHaveLength(1)
  expect(bytes.requests).toBe(1)
  await bytes.close()
  vi.useRealTimers()
})

function answer(body: Readable, size: number): SafeResponse {
  const headers = { 'content-range': `bytes 0-${size - 1}/${size}` }
  return { status: 206, headers, url: '', body, cancel: () => body.destroy() } as unknown as SafeResponse
}

/** A film of one track whose packets are all the same. */
function filmOf(packet: FilmPacket, count = Number.POSITIVE_INFINITY): Film {
  const track = { id: 1, kind: 'audio', codec: 'subrip', matroska: { id: '', config: null } } as unknown as Film['tracks'][0]
  const read = async function* () {
    for (let n = 0; n < count; n++) yield packet
  }
  const about = { duration: 8, chapters: [], keyTimes: null, keySeconds: 4, isCopyable: true }
  return { container: 'mp4', tracks: [track], ...about, read }
}
