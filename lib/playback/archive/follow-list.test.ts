import { Readable } from 'node:stream'
import { expect, test, vi } from 'vitest'
import type { SafeResponse } from '@/lib/platform/fetch'
import { type FoundMedia, findMedia } from '../relay/hls-media'
import type { Follow } from '../relay/hls-segments'
import { followList } from './follow-list'

const address = 'http://tv.example/list.m3u8'

/** A list that names these segments, of four seconds each. */
const list = (first: number, count: number, end = false) =>
  [
    ...['#EXTM3U', '#EXT-X-TARGETDURATION:4', `#EXT-X-MEDIA-SEQUENCE:${first}`],
    ...Array.from({ length: count }, (_, at) => `#EXTINF:4,\n${first + at}.ts`),
    ...(end ? ['#EXT-X-ENDLIST'] : []),
  ].join('\n')

/** What is read of lists that follow each other; null for a poll that fails. The last one stays. */
async function read(lists: (string | null)[], { from = 0, seconds = 1_000 } = {}) {
  vi.useFakeTimers()
  let polls = 0
  const follow: Follow = async url => {
    const text = lists[Math.min(++polls, lists.length - 1)] ?? null
    const body = Readable.from([Buffer.from(text ?? '')])
    return { status: text === null ? 503 : 200, headers: {}, url, body, cancel: () => body.destroy() } as SafeResponse
  }
  const signal = new AbortController().signal
  const found = (await findMedia({ address, first: { text: lists[0] ?? '', url: address }, follow }, signal)) as FoundMedia
  const numbers: number[] = []
  const reading = (async () => {
    for await (const { sequence } of followList(found, { from, seconds, follow, signal })) numbers.push(sequence)
    return 'ended'
  })().catch(error => error.code)
  const how = await Promise.race([reading, vi.advanceTimersByTimeAsync(120_000).then(() => 'still reading')])
  vi.useRealTimers()
  return { numbers, how, polls }
}

test('a finished list is read once, from the segment that is asked for to the end of the stretch', async () => {
  expect(await read([list(0, 5, true)])).toEqual({ numbers: [0, 1, 2, 3, 4], how: 'ended', polls: 0 })
  expect(await read([list(0, 5, true)], { from: 1, seconds: 9 })).toEqual({ numbers: [1, 2, 3], how: 'ended', polls: 0 })
})

test('a list that moves on is read segment after segment, through polls that fail, to its end', async () => {
  const lists = [list(10, 3), list(11, 3), null, null, list(13, 3), list(14, 3, true)]
  expect(await read(lists, { from: 10 })).toEqual({ numbers: [10, 11, 12, 13, 14, 15, 16], how: 'ended', polls: 5 })
})

test('where segments have gone before they were read, it ends', async () => {
  expect(await read([list(10, 3), list(14, 3)], { from: 10 })).toEqual({ numbers: [10, 11, 12], how: 'ended', polls: 1 })
})

test('a list that names nothing new any more ends, and one that does not come any more fails', async () => {
  expect(await read([list(10, 3)], { from: 10 })).toMatchObject({ numbers: [10, 11, 12], how: 'ended' })
  expect(await read([list(10, 3), null], { from: 10 })).toMatchObject({ how: 'PROVIDER_BUSY', polls: 3 })
})
