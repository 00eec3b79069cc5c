import { expect, test } from 'vitest'
import { createRenewal } from './renewal'

test('what plays goes on under the newest address, however many it has had', () => {
  const renewal = createRenewal()
  renewal.reset('/stream/live/one/index.m3u8')
  expect(renewal.rewrite('https://tv.example/stream/live/one/7.ts')).toBe('https://tv.example/stream/live/one/7.ts')
  renewal.renew('/stream/live/two/index.m3u8')
  renewal.renew('/stream/live/three/index.m3u8')
  for (const token of ['one', 'two', 'three']) {
    expect(renewal.rewrite(`https://tv.example/stream/live/${token}/7.ts`)).toBe('https://tv.example/stream/live/three/7.ts')
  }
  expect(renewal.rewrite('https://tv.example/stream/hls/other/7.ts')).toBe('https://tv.example/stream/hls/other/7.ts')
  renewal.reset('/stream/live/four/index.m3u8')
  expect(renewal.rewrite('https://tv.example/stream/live/one/7.ts')).toBe('https://tv.example/stream/live/one/7.ts')
})
