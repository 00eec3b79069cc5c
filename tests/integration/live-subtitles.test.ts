import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Capabilities, PICTURES_CUE, Pictures } from '@/lib/playback/schema'
import { TEST_MEDIA } from '../test-media'
import { startWorld, type World } from './harness'
import { createWorld } from './playback-world'

/** Of the provider's login `formats`: words in the picture, pictures and a page of teletext. */
const SUBTITLED = '6'
const chromium: Capabilities = { video: ['h264'], audio: ['aac'], containers: ['mp4'] }
let world: World

beforeAll(async () => {
  world = await startWorld({ mediaDir: TEST_MEDIA })
})

afterAll(async () => {
  const { closeAllRelays } = await import('@/lib/playback')
  closeAllRelays()
  await world.end()
})

const soon = () => AbortSignal.timeout(15_000)

async function textOf(answer: Promise<{ text: string } | { location: string }>): Promise<string> {
  const found = await answer
  if (!('text' in found)) throw new Error(`moved to ${found.location}`)
  return found.text
}

test("a channel's subtitles, pictures among them, come with its session and are nobody's after it", async () => {
  const { closePlayback, openPlayback, streamAccess } = await import('@/lib/playback')
  const { viewer, item } = await createWorld(world.providerUrl, 1, [{ ids: [SUBTITLED] }], 'formats')
  const view = await openPlayback(viewer, { itemId: item(0).id, capabilities: chromium })
  const token = view.url.split('/')[3] ?? ''
  const stream = await streamAccess('page').live(token)
  const index = await textOf(stream.index(soon()))
  expect([...index.matchAll(/TYPE=SUBTITLES.*LANGUAGE="(\w+)".*URI="(.*)"/g)].map(([, ...facts]) => facts)).toEqual([
    ['fr', 't0/live.m3u8'],
    ['de', 't1/live.m3u8'],
  ])
  let sequence = 0
  const newest = async () => {
    sequence = Number([...(await textOf(stream.media(soon()))).matchAll(/^(\d+)\.ts$/gm)].at(-1)?.[1])
    return stream.text(sequence, 0, soon())
  }
  // Two seconds with a picture are followed by two without.
  await expect.poll(newest, { timeout: 12_000, interval: 200 }).toContain(PICTURES_CUE)
  const [, json = ''] = new RegExp(`^${PICTURES_CUE}(.*)$`, 'm').exec(await stream.text(sequence, 0, soon())) ?? []
  expect(Pictures.parse(JSON.parse(json))).toMatchObject({ width: 640, height: 360, images: [{ png: expect.any(String) }] })
  expect(await stream.text(sequence, 1, soon())).not.toContain(PICTURES_CUE)
  await expect(stream.text(sequence, 2, soon())).rejects.toMatchObject({ code: 'NOT_FOUND' })

  await closePlayback(viewer, view.sessionId)
  await expect(streamAccess('page').live(token)).rejects.toMatchObject({ code: 'STREAM_ENDED' })
})
