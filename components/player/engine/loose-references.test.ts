import { beforeAll, expect, test } from 'vitest'
import { createLoosener } from './loose-references'

let media: typeof import('shaka-player/dist/shaka-player.hls-es2021.js').default.media

beforeAll(async () => {
  // The library looks for a window when it is loaded, and not afterwards in what is used here.
  Object.assign(globalThis, { self: globalThis, window: globalThis })
  media = (await import('shaka-player/dist/shaka-player.hls-es2021.js')).default.media
})

/** A reference of the library's own that counts how often it is asked where its segment is. */
function open(start: number) {
  const asked = { times: 0 }
  const uris = () => {
    asked.times++
    return [`http://tv.example/${start}.ts`]
  }
  return { asked, reference: new media.SegmentReference(start, start + 2, uris, 0, null, null, 0, 0, Number.POSITIVE_INFINITY) }
}

test('references keep their addresses and nothing else, those that came last and those that took their place', () => {
  const first = [0, 2, 4].map(open)
  const index = new media.SegmentIndex(first.map(({ reference }) => reference))
  const loosen = createLoosener()
  loosen([index])
  const again = [4, 6].map(open)
  index.mergeAndEvict(
    again.map(({ reference }) => reference),
    0,
  )
  loosen([index])

  const all = [...first, ...again]
  const before = all.map(({ asked }) => asked.times)
  const addresses = Array.from({ length: 4 }, (_, at) => index.get(at)?.getUris())
  expect(addresses).toEqual([0, 2, 4, 6].map(start => [`http://tv.example/${start}.ts`]))
  // Nobody is asked any more: what the functions remembered is free.
  expect(all.map(({ asked }) => asked.times)).toEqual(before)
  loosen([index])
  expect(all.map(({ asked }) => asked.times)).toEqual(before)
})
