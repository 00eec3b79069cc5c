import { expect, test, vi } from 'vitest'
import type { HlsPart, HlsSegment } from '../relay/hls-playlist'
import { SegmentFetcher } from '../relay/hls-segments'
import { sampleMedia } from '../sample-media.test-support'
import { listFrames } from './archive.test-support'
import { remuxFragments } from './fragments'

vi.stubEnv('DATABASE_URL', 'postgresql://nowhere.invalid/none')

const movflags = 'empty_moov+default_base_moof+frag_keyframe'
const file = sampleMedia({ seconds: 4, keySeconds: 4, container: 'mp4', extra: ['-movflags', movflags] })
const split = file.indexOf('moof') - 4
const part = (url: string): HlsPart => ({ url: `http://tv.example/${url}`, range: null, key: null })
const segment = (map: string, isDiscontinuous = false): HlsSegment => ({
  ...part('4.m4s'),
  ...{ sequence: 0, duration: 4, at: null, map: part(map), isDiscontinuous },
})

async function read(segments: HlsSegment[]): Promise<{ frames: number; asked: string[] }> {
  const asked: string[] = []
  const fetcher = Object.assign(new SegmentFetcher(() => Promise.reject(new Error('nothing is fetched'))), {
    fetch: async ({ url }: HlsPart) => {
      asked.push(url.slice(18))
      return url.endsWith('.mp4') ? file.subarray(0, split) : file.subarray(split)
    },
  })
  async function* all() {
    yield* segments
  }
  const pieces: Buffer[] = []
  for await (const piece of remuxFragments(all(), fetcher, new AbortController().signal)) pieces.push(piece)
  return { frames: listFrames(Buffer.concat(pieces)).length, asked }
}

test('where another file or another clock begins, so does what reads it: no picture is lost', async () => {
  expect(await read([segment('a.mp4')])).toEqual({ frames: 100, asked: ['a.mp4', '4.m4s'] })
  expect(await read([segment('a.mp4'), segment('b.mp4')])).toEqual({ frames: 200, asked: ['a.mp4', '4.m4s', 'b.mp4', '4.m4s'] })
  const again = await read([segment('a.mp4'), segment('a.mp4', true)])
  expect(again).toEqual({ frames: 200, asked: ['a.mp4', '4.m4s', 'a.mp4', '4.m4s'] })
})
