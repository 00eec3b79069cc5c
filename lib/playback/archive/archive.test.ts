import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { AppError } from '@/lib/kernel/errors'
import { MINUTE, SECOND, sleep } from '@/lib/kernel/time'
import { sampleMedia } from '../sample-media.test-support'
import { cutFrom, frameOf, listFrames } from './archive.test-support'
import { ArchiveCutter } from './archive-cutter'
import { ArchiveStream } from './archive-stream'
import { countSegments, latestSecond, planOpening, printReplayPlaylist } from './stretch'

/** Four minutes of a channel with a picture that never repeats; its own clock begins anywhere. */
const recording = sampleMedia({ seconds: 240, keySeconds: 2, kilobits: 100 })
const start = Date.UTC(2026, 10, 20, 20)
const times = { start, stop: start + 4 * MINUTE }
const later = start + 60 * MINUTE
const signal = () => new AbortController().signal

function cut(bytes: Buffer, startSeconds: number, length: number, chunk = 7_001) {
  const segments = new Map<number, Buffer>()
  const cutter = new ArchiveCutter({ startSeconds, length, onSegment: (number, each) => segments.set(number, each) })
  for (let at = 0; at < bytes.length && !cutter.isDone; at += chunk) cutter.push(Buffer.from(bytes.subarray(at, at + chunk)))
  return { segments, cutter }
}

const prints = (bytes: Buffer) => listFrames(bytes).map(({ print }) => print)
const roundTo = (digits: number) => (value: number) => Math.round(value * 10 ** digits) / 10 ** digits

describe('the cutter', () => {
  test('segments lie on the time of the programme, whole and in order', () => {
    const { segments } = cut(recording, 0, 60)
    expect([...segments.keys()]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    for (const [number, bytes] of segments) {
      const frames = listFrames(bytes)
      expect(roundTo(2)(frames[0]?.at ?? -1)).toBe(number * 6)
      expect([frames[0]?.isKey, frames.length]).toEqual([true, 150])
    }
    // Not one picture is lost or comes twice.
    const all = Buffer.concat([...segments.values()])
    expect(prints(all)).toEqual(prints(recording).slice(0, 1_500))
  })

  test('a stream opened at a minute fits on one opened before, picture for picture', () => {
    const whole = cut(recording, 0, 240).segments
    const late = cut(cutFrom(recording, 120), 120, 240).segments
    expect([...late.keys()][0]).toBe(20)
    for (const [number, bytes] of late) {
      expect(prints(bytes)).toEqual(prints(whole.get(number) as Buffer))
      expect(listFrames(bytes).map(({ at }) => roundTo(2)(at))).toEqual(
        listFrames(whole.get(number) as Buffer).map(({ at }) => roundTo(2)(at)),
      )
    }
  })

  test('what lies before the programme is left out, and nothing follows its end', () => {
    // It begins at half past a minute and ends in the middle of a segment.
    const { segments, cutter } = cut(recording, -30, 100)
    expect([...segments.keys()][0]).toBe(0)
    expect([...segments.keys()].at(-1)).toBe(16)
    expect(cutter.isDone).toBe(true)
    expect(prints(segments.get(0) as Buffer)[0]).toBe(prints(recording)[30 * 25])
    expect(listFrames(segments.get(16) as Buffer)).toHaveLength(4 * 25)
  })

  test('an encoder that starts anew in the middle leaves no gap in the time', () => {
    const other = sampleMedia({ seconds: 12, keySeconds: 2, kilobits: 100, extra: ['-output_ts_offset', '50000'] })
    const first = recording.subarray(0, cutAt(recording, 8))
    const { segments } = cut(Buffer.concat([first, other]), 0, 18)
    const frames = listFrames(Buffer.concat([...segments.values()]))
    const steps = frames.slice(1).map(({ at }, index) => at - (frames[index]?.at ?? 0))
    expect(Math.max(...steps)).toBeLessThan(0.1)
    expect(Math.min(...steps)).toBeGreaterThan(0)
    expect([...segments.keys()]).toEqual([0, 1, 2])
  })

  test('key frames that are rarer than segments do not lose any', () => {
    const rare = sampleMedia({ seconds: 60, keySeconds: 10, kilobits: 100 })
    const { segments } = cut(rare, 0, 60)
    expect([...segments.keys()]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(listFrames(Buffer.concat([...segments.values()])).length).toBeGreaterThan(50 * 25)
  })

  test('sound keeps beside the picture, and a radio has segments too', () => {
    const radio = sampleMedia({ seconds: 30, video: null })
    expect([...cut(radio, 0, 30).segments.keys()].slice(0, 4)).toEqual([0, 1, 2, 3])
  })
})

/** Position of the frame `seconds` after the first one. */
function cutAt(bytes: Buffer, seconds: number): number {
  const rest = cutFrom(bytes, seconds)
  const head = rest.indexOf(bytes.subarray(0, 188)) === 0 ? bytes.length - rest.length : 0
  return head - (head % 188)
}

describe('the playlist', () => {
  test('of a past programme is whole from the first second on', () => {
    const text = printReplayPlaylist({ start, stop: start + 100 * SECOND }, later)
    expect(text).toContain('#EXT-X-PLAYLIST-TYPE:VOD')
    expect(text.match(/\.ts/g)).toHaveLength(17)
    expect(text).toContain('#EXTINF:4.000,\n16.ts\n#EXT-X-ENDLIST')
  })

  test('of a running one grows with the archive and ends with the programme', () => {
    const at = (seconds: number) => countSegments(times, start + seconds * SECOND)
    expect([at(0), at(75), at(80), at(81), at(75 + 239), at(75 + 240)]).toEqual([0, 0, 0, 1, 39, 40])
    const text = printReplayPlaylist(times, start + 200 * SECOND)
    expect(text).toContain('#EXT-X-PLAYLIST-TYPE:EVENT')
    expect(text).not.toContain('ENDLIST')
  })

  test('a programme can be opened at any second that is listed, and no later', () => {
    const at = (seconds: number) => latestSecond(times, start + seconds * SECOND)
    expect([at(75), at(87), at(92), at(75 + 239), at(75 + 240)]).toEqual([0, 6, 6, 38 * 6, 240])
  })

  test('archives are opened at full minutes, five minutes longer, never into the future', () => {
    const odd = { start: start + 30 * SECOND, stop: start + 30 * MINUTE }
    const plan = (segment: number, now: number) => {
      const { start: opened, minutes, offsetSeconds } = planOpening(odd, segment, now)
      return [opened.toISOString().slice(11, 19), minutes, offsetSeconds]
    }
    expect(plan(0, later)).toEqual(['20:00:00', 35, -30])
    expect(plan(4, later)).toEqual(['20:00:00', 35, -30])
    expect(plan(5, later)).toEqual(['20:01:00', 34, 30])
    expect(plan(5, start + 10 * MINUTE)).toEqual(['20:01:00', 9, 30])
  })
})

describe('the stream of an archive', () => {
  const openedAt: number[] = []
  /** Connections of the archive that was made last. */
  let held = { open: 0 }

  /** An archive that sends from the minute asked for, at once. */
  function archive(options: { now?: () => number; until?: () => number; fail?: () => AppError | null; idleMs?: number } = {}) {
    openedAt.length = 0
    const mine = { open: 0 }
    held = mine
    const over = new AbortController()
    const source = {
      now: options.now ?? (() => later),
      idleMs: options.idleMs ?? 10_000,
      retryMs: 20,
      open: async (stretch: { start: Date; minutes: number }) => {
        const failure = options.fail?.() ?? null
        if (failure !== null) throw failure
        const seconds = (stretch.start.getTime() - start) / SECOND
        openedAt.push(seconds)
        const until = options.until?.() ?? 240
        if (seconds >= until) throw new AppError('ARCHIVE_GAP')
        const from = cutFrom(recording, seconds)
        const length = Math.min(from.length, Math.round((recording.length * (until - seconds)) / 240))
        mine.open++
        const body = Readable.from(slices(from.subarray(0, length)))
        body.once('close', () => mine.open--)
        return body
      },
    }
    return { stream: new ArchiveStream(times, source, over.signal), over }
  }

  function* slices(bytes: Buffer): Generator<Buffer> {
    for (let at = 0; at < bytes.length; at += 20_000) yield Buffer.from(bytes.subarray(at, at + 20_000))
  }

  const firstAt = (bytes: Buffer) => roundTo(2)(listFrames(bytes)[0]?.at ?? -1)
  const codeOf = (attempt: Promise<unknown>) =>
    attempt.then(
      () => 'came',
      error => error.code,
    )

  test('plays on from one connection, which waits for the player', async () => {
    const { stream, over } = archive()
    for (let number = 0; number < 12; number++) {
      expect(firstAt(await stream.segment(number, signal()))).toBe(number * 6)
      await sleep(1)
    }
    expect(openedAt).toEqual([0])
    expect(held.open).toBe(1)
    over.abort(new AppError('STREAM_ENDED'))
    await sleep(5)
    expect([held.open, stream.bytes]).toEqual([0, 0])
  })

  test('a far seek opens the archive at that minute, a near one does not', async () => {
    const { stream, over } = archive()
    await stream.segment(0, signal())
    const [far, next] = await Promise.all([stream.segment(31, signal()), stream.segment(32, signal())])
    expect([firstAt(far), firstAt(next)]).toEqual([186, 192])
    expect(prints(far)[0]).toBe(prints(recording)[186 * 25])
    expect(openedAt).toEqual([0, 180])
    await stream.segment(35, signal())
    // Back to what is still there, then to what is not.
    await stream.segment(0, signal())
    expect(openedAt).toEqual([0, 180])
    await stream.segment(15, signal())
    await sleep(5)
    expect([openedAt, held.open]).toEqual([[0, 180, 60], 1])
    over.abort(new AppError('STREAM_ENDED'))
  })

  test('two seeks at once: the later one decides, and there is one connection', async () => {
    const { stream, over } = archive()
    const early = codeOf(stream.segment(0, signal()))
    const late = codeOf(stream.segment(39, signal()))
    expect(await Promise.all([early, late])).toEqual(['STREAM_NOT_READY', 'came'])
    expect(held.open).toBeLessThanOrEqual(1)
    over.abort(new AppError('STREAM_ENDED'))
  })

  test('what is not in the archive is told apart from what is not there yet', async () => {
    const gap = archive({ until: () => 100 })
    expect(await codeOf(gap.stream.segment(30, signal()))).toBe('ARCHIVE_GAP')
    expect(await codeOf(gap.stream.segment(40, signal()))).toBe('NOT_FOUND')
    // The file ends in this segment: what there is of it comes.
    expect(firstAt(await gap.stream.segment(16, signal()))).toBe(96)
    gap.over.abort(new AppError('STREAM_ENDED'))
  })

  test('why the provider refuses is told to whoever waits, and the next request tries again', async () => {
    let failure: AppError | null = new AppError('PROVIDER_BLOCKS_US')
    const { stream, over } = archive({ fail: () => failure })
    expect(await codeOf(stream.program(0, signal()))).toBe('PROVIDER_BLOCKS_US')
    expect(await codeOf(stream.segment(3, signal()))).toBe('PROVIDER_BLOCKS_US')
    failure = null
    expect(firstAt(await stream.segment(3, signal()))).toBe(18)
    expect((await stream.program(0, signal())).video?.codecString).toMatch(/^avc1/)
    over.abort(new AppError('STREAM_ENDED'))
  })

  test('whoever pauses gives the connection back; going on opens the archive where it was left', async () => {
    const { stream, over } = archive({ idleMs: 30 })
    await stream.segment(0, signal())
    expect([stream.isReading, held.open]).toEqual([true, 1])
    await sleep(60)
    expect([stream.isReading, held.open, stream.bytes]).toEqual([false, 0, 0])
    expect(firstAt(await stream.segment(12, signal()))).toBe(72)
    expect(openedAt).toEqual([0, 60])
    over.abort(new AppError('STREAM_ENDED'))
  })

  test('what the provider writes down late is waited for', async () => {
    let until = 60
    const { stream, over } = archive({ now: () => start + 200 * SECOND, until: () => until })
    const waiting = stream.segment(12, signal())
    await sleep(30)
    until = 120
    expect(firstAt(await waiting)).toBe(72)
    expect(openedAt.length).toBeGreaterThan(1)
    over.abort(new AppError('STREAM_ENDED'))
  })

  test('what the stream is made of is told of pictures that no browser plays, too', async () => {
    const old = sampleMedia({ seconds: 20, keySeconds: 1, video: 'mpeg2video', audio: 'mp2' })
    const over = new AbortController()
    const source = { now: () => later, open: async () => Readable.from(slices(old)) }
    const program = await new ArchiveStream(times, source, over.signal).program(0, signal())
    expect([program.video?.codec, program.video?.codecString]).toEqual(['mpeg2video', 'mp4v.61'])
    over.abort(new AppError('STREAM_ENDED'))
  })

  test('a page instead of a picture is no archive', async () => {
    const over = new AbortController()
    const page = Buffer.from('<html>welcome</html>'.repeat(10_000))
    const source = { now: () => later, open: async () => Readable.from(slices(page)) }
    expect(await codeOf(new ArchiveStream(times, source, over.signal).segment(0, signal()))).toBe('UPSTREAM_NOT_MEDIA')
    over.abort(new AppError('STREAM_ENDED'))
  })

  test.each([
    ['whose clock stands still', 0],
    ['without any key frame', 1],
  ])('a stream %s ends, and is not gathered in memory', async (_words, nth) => {
    const over = new AbortController()
    const body = Readable.from(repeat(frameOf(recording, nth), 100 * 2 ** 20))
    const source = { now: () => later, open: async () => body }
    expect(await codeOf(new ArchiveStream(times, source, over.signal).segment(0, signal()))).toBe('UPSTREAM_NOT_MEDIA')
    over.abort(new AppError('STREAM_ENDED'))
  })

  /** The tables, then one and the same picture over and over. */
  function* repeat({ tables, frame }: { tables: Buffer; frame: Buffer }, bytes: number): Generator<Buffer> {
    yield tables
    const many = Buffer.concat(Array<Buffer>(Math.ceil(2 ** 20 / frame.length)).fill(frame))
    for (let sent = 0; sent < bytes; sent += many.length) yield Buffer.from(many)
  }

  test('of a running programme only what is in the archive is listed', async () => {
    let now = start + 100 * SECOND
    const { stream, over } = archive({ now: () => now })
    expect(stream.playlist().match(/\.ts/g)).toHaveLength(4)
    expect(await codeOf(stream.segment(4, signal()))).toBe('NOT_FOUND')
    now += 6 * SECOND
    expect(firstAt(await stream.segment(4, signal()))).toBe(24)
    over.abort(new AppError('STREAM_ENDED'))
  })
})
