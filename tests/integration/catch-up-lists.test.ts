import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { listFrames } from '@/lib/playback/archive/archive.test-support'
import { importNow } from './catalogue-steps'
import {
  asked,
  channelOf,
  clock,
  closeReplays,
  firstChannel,
  get,
  HOUR,
  listOf,
  MINUTE,
  open,
  partOf,
  prints,
  type Replayable,
  replayIn,
  segmentOf,
} from './catch-up-steps'
import { type GatewayWorld, startGatewayWorld } from './gateway-world'

let world: GatewayWorld
let playback: typeof import('@/lib/playback')

beforeAll(async () => {
  world = await startGatewayWorld()
  playback = await import('@/lib/playback')
  await replayIn(world)
})
afterAll(() => world.endAll())
afterEach(closeReplays)

const threeHoursAgo = () => Math.floor(Date.now() / MINUTE) * MINUTE - 3 * HOUR
const atOf = (bytes: Buffer) => listFrames(bytes)[0]?.at ?? -1

/** What the provider shows at a moment, as segments of four seconds on the clock of the day. */
async function sentAt({ stream }: Replayable, at: number, segments: number): Promise<Buffer> {
  const first = Math.floor((at / 1_000) % 86_400) / 4
  const parts: Buffer[] = []
  for (let number = first; number < first + segments; number++) {
    const answer = await fetch(`${world.providerUrl}/hls/normal/pass/${stream}/high/${number}.ts`)
    parts.push(Buffer.from(await answer.arrayBuffer()))
  }
  return Buffer.concat(parts)
}

describe.each([
  ['tells its time', 'archive-sliding'],
  ['does not tell its time', 'archive-undated'],
])('an archive whose list moves on and %s', (_words, login) => {
  test('is followed, and what was seen stays', async () => {
    const { who, channel } = await channelOf(login)
    const from = threeHoursAgo()
    const sent = prints(await sentAt(channel, from, 12), 1_200)
    const view = await open(channel, from, who)
    const seen: Buffer[] = []
    // The list names 24 seconds: what comes after them was not there when it was opened.
    for (let number = 0; number < 6; number++) seen.push(await segmentOf(view, number))
    expect(prints(Buffer.concat(seen), 900)).toEqual(sent.slice(0, 900))
    // By now the provider has taken it away.
    expect(await segmentOf(view, 0)).toEqual(seen[0])
    const inDoubt = login === 'archive-undated' ? [`${clock(from)} missing`] : []
    expect(asked()).toEqual([`${clock(from)} sent`, ...inDoubt])
    const list = await listOf(view)
    expect(list).toContain('#EXT-X-ENDLIST')
    expect(list + JSON.stringify(view)).not.toMatch(/pass|127\.0|archive-/)
  }, 60_000)

  test('is opened anew at the moment that the viewer seeks to', async () => {
    const { who, channel } = await channelOf(login)
    const from = threeHoursAgo()
    const view = await open(channel, from, who)
    await segmentOf(view, 0)
    const far = await segmentOf(view, 300)
    expect(atOf(far)).toBeCloseTo(1_800, 0)
    expect(prints(far, 100)).toEqual(prints(await sentAt(channel, from + 30 * MINUTE, 1), 100))
  })
})

test('an app that asks for a list that moves on gets one transport stream with an end', async () => {
  const { who, channel } = await channelOf('archive-sliding.app')
  const line = await world.makeLine({}, who)
  const answer = await fetch(`${world.base}/timeshift/${line.path}/1/${threeHoursAgo() / 1_000}/${channel.id}.ts`)
  const bytes = Buffer.from(await answer.arrayBuffer())
  // Without the next minute nobody has to wait for: the list stands still, and the stream ends.
  expect([answer.status, bytes.length % 188, listFrames(bytes).length]).toEqual([200, 0, 60 * 25])
}, 90_000)

test('a list that moves on without times is the live one when it comes for any moment', async () => {
  const { createProvider } = await import('@/lib/providers')
  const who = await world.makeViewer()
  const entry = '#EXTINF:-1 tvg-id="x" catchup="append" catchup-source="?from={utc}" catchup-days="3",Moving'
  const playlistText = `#EXTM3U\n${entry}\n${world.providerUrl}/live/archive-undated/pass/1001.m3u8\n`
  const { id } = await createProvider(who, { kind: 'm3u', name: 'Moving', playlistText, refreshHours: 24, platform: false })
  await importNow(who, id)
  const answer = await get((await open(await firstChannel(id), threeHoursAgo(), who)).url)
  expect([answer.status, answer.headers.get('x-error-code')]).toEqual([404, 'ARCHIVE_GAP'])
})

describe('an archive of fragments (fMP4)', () => {
  test('plays and is seeked in like any other', async () => {
    const { who, channel } = await channelOf('archive-fmp4')
    const from = threeHoursAgo()
    const view = await open(channel, from, who)
    expect(await (await get(view.url)).text()).toMatch(/CODECS="avc1\.[0-9a-f]+,mp4a\.40\.2"/)
    const segments = [await segmentOf(view, 0), await segmentOf(view, 1), await segmentOf(view, 2)]
    expect(segments.map(bytes => [Math.round(atOf(bytes)), listFrames(bytes).length])).toEqual([
      [0, 150],
      [6, 150],
      [12, 150],
    ])
    expect(prints(Buffer.concat(segments), 400)).toEqual(prints(await sentAt(channel, from, 5), 400))
    expect(atOf(await segmentOf(view, 300))).toBeCloseTo(1_800, 0)
    expect(asked()).toEqual([`${clock(from)} sent`, `${clock(from + 30 * MINUTE)} sent`])
    await playback.closePlayback(who, view.sessionId)
    expect((await get(partOf(view, '301.ts'))).status).toBeGreaterThanOrEqual(400)
  })

  test('is one transport stream for an app, whatever range it asks for', async () => {
    const { who, channel } = await channelOf('archive-fmp4.app')
    const line = await world.makeLine({}, who)
    const headers = { range: 'bytes=1000-' }
    const answer = await fetch(`${world.base}/timeshift/${line.path}/1/${threeHoursAgo() / 1_000}/${channel.id}.ts`, { headers })
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect([answer.status, bytes[0], bytes.length % 188, listFrames(bytes).length]).toEqual([200, 0x47, 0, 60 * 25])
  })
})
