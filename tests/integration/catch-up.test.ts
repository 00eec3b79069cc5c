import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { listFrames } from '@/lib/playback/archive/archive.test-support'
import { readMoment } from '@/lib/playback/schema'
import {
  asked,
  capabilities,
  channelsOf,
  clock,
  closeReplays,
  codeOf,
  firstChannel,
  get,
  HOUR,
  listOf,
  MINUTE,
  open,
  opened,
  partOf,
  prints,
  type Replayable,
  replayIn,
  segmentOf,
  sentAt,
} from './catch-up-steps'
import { type GatewayWorld, startGatewayWorld, until } from './gateway-world'
import { importGuideNow } from './guide-steps'

let world: GatewayWorld
let viewer: Viewer
let playback: typeof import('@/lib/playback')
let epg: typeof import('@/lib/epg')
beforeAll(async () => {
  world = await startGatewayWorld()
  viewer = world.viewer
  playback = await import('@/lib/playback')
  await replayIn(world)
  epg = await import('@/lib/epg')
  await importGuideNow(world.providerId)
})
afterAll(() => world.endAll())
afterEach(closeReplays)

/** The programme that was on at a moment. */
async function programmeAt(channel: Replayable, at: number) {
  const { programme } = await epg.findProgrammeAt(viewer, channel.id, new Date(at))
  if (programme === null) throw new Error('no programme then')
  return programme
}

describe('a past programme', () => {
  test('is a whole playlist, and its segments show the minutes they say', async () => {
    const channel = await firstChannel()
    const programme = await programmeAt(channel, Date.now() - 5 * HOUR)
    const view = await open(channel, programme.start)
    const seconds = (programme.stop.getTime() - programme.start.getTime()) / 1_000
    expect(view).toMatchObject({
      mode: 'hls',
      live: false,
      resumeSeconds: 0,
      catchUp: {
        title: programme.title,
        start: programme.start.toISOString(),
        stop: programme.stop.toISOString(),
        growing: false,
        next: { start: programme.stop.toISOString() },
      },
    })
    expect(JSON.stringify(view)).not.toMatch(/pass|127\.0/)
    const index = await (await get(view.url)).text()
    expect(index).toMatch(/CODECS="avc1\.[0-9a-f]{6},mp4a\.40\.2"/)
    const list = await listOf(view)
    expect(list).toContain('#EXT-X-ENDLIST')
    expect(list.match(/\.ts/g)).toHaveLength(Math.ceil(seconds / 6))
    const first = await segmentOf(view, 0)
    expect(prints(first, 100)).toEqual(prints(await sentAt(channel, programme.start.getTime()), 100))
    expect(Math.abs(listFrames(first)[0]?.at ?? -1)).toBeLessThan(0.05)
    await segmentOf(view, 1)
    expect(asked().filter(line => line.endsWith('sent'))[0]).toBe(`${clock(programme.start)} sent`)

    // A seek costs one question, at the minute before the place.
    world.provider.stats.archives.length = 0
    const place = Math.min(13 * 60 + 30, seconds - 30)
    const far = await segmentOf(view, Math.floor(place / 6))
    const minute = Math.floor(place / 60)
    expect(asked()).toEqual([`${clock(programme.start.getTime() + minute * MINUTE)} sent`])
    const at = listFrames(far)[0]?.at ?? 0
    expect(Math.abs(at - Math.floor(place / 6) * 6)).toBeLessThan(2.1)
    const recorded = listFrames(await sentAt(channel, programme.start.getTime() + minute * MINUTE))
    const offset = recorded[0]?.at ?? 0
    const same = recorded.find(frame => Math.abs(frame.at - offset - (at - minute * 60)) < 0.02)
    expect(listFrames(far)[0]?.print).toBe(same?.print)
    expect(world.provider.stats.connections.normal?.now).toBeLessThanOrEqual(1)
    await playback.closePlayback(viewer, view.sessionId)
    await until(() => world.provider.stats.connections.normal?.now === 0)
    expect((await get(partOf(view, '3.ts'))).headers.get('x-error-code')).toBe('STREAM_ENDED')
  })

  test('from a moment within it begins there', async () => {
    const channel = await firstChannel()
    const programme = await programmeAt(channel, Date.now() - 5 * HOUR)
    const view = await open(channel, programme.start.getTime() + 4 * MINUTE)
    expect(view).toMatchObject({ resumeSeconds: 240, catchUp: { start: programme.start.toISOString() } })
    await (await get(view.url)).text()
    expect(asked()).toEqual([`${clock(programme.start.getTime() + 4 * MINUTE)} sent`])
  })

  test('another process, which knows nothing of the session, goes on with it', async () => {
    const { forgetPlan } = await import('@/lib/playback/session-plans')
    const channel = await firstChannel()
    const programme = await programmeAt(channel, Date.now() - 5 * HOUR)
    const view = await open(channel, programme.start)
    await segmentOf(view, 0)
    await forgetPlan(view.sessionId)
    expect(prints(await segmentOf(view, 2), 1)).toHaveLength(1)
    expect(await playback.touchPlayback(viewer, view.sessionId, { positionSeconds: 5, durationSeconds: 60 })).toEqual({})
  })
})

describe('a running programme', () => {
  test('from the start: the list grows, and what is there can be played', async () => {
    const channel = await findRunning()
    const programme = await programmeAt(channel, Date.now())
    const view = await open(channel, programme.start)
    expect(view).toMatchObject({ live: false, catchUp: { growing: true, title: programme.title } })
    const list = await listOf(view)
    expect(list).toContain('#EXT-X-PLAYLIST-TYPE:EVENT')
    expect(list).not.toContain('ENDLIST')
    const count = list.match(/\.ts/g)?.length ?? 0
    const expected = Math.floor((Date.now() - 75_000 - programme.start.getTime()) / 6_000)
    expect(Math.abs(count - expected)).toBeLessThanOrEqual(1)
    expect(prints(await segmentOf(view, 0), 50)).toEqual(prints(await sentAt(channel, programme.start.getTime()), 50))
    // To the end of what there is.
    const last = await segmentOf(view, count - 1)
    expect(Math.abs((listFrames(last)[0]?.at ?? 0) - (count - 1) * 6)).toBeLessThan(2.1)
    expect((await get(partOf(view, `${count + 20}.ts`))).headers.get('x-error-code')).toBe('NOT_FOUND')
  })

  test('from a moment that is not in the archive yet begins at the last one that is', async () => {
    const channel = await findRunning()
    const view = await open(channel, Date.now() - 10_000)
    const { start } = view.catchUp ?? { start: '' }
    expect(view.resumeSeconds).toBeLessThanOrEqual((Date.now() - 75_000 - Date.parse(start)) / 1_000)
    expect(await listOf(view)).toContain(`\n${Math.floor(view.resumeSeconds / 6)}.ts`)
    await segmentOf(view, Math.floor(view.resumeSeconds / 6))
  })

  /** A channel whose programme has been on for some minutes. */
  async function findRunning(): Promise<Replayable> {
    for (const channel of await channelsOf(world.providerId)) {
      const { programme } = await epg.findProgrammeAt(viewer, channel.id, new Date())
      const minutes = programme === null ? 0 : (Date.now() - programme.start.getTime()) / MINUTE
      if (programme !== null && minutes > 4 && programme.stop.getTime() - Date.now() > MINUTE) return channel
    }
    throw new Error('nothing is on')
  }
})

describe('what cannot be replayed', () => {
  test('is refused with a reason, before the provider is asked', async () => {
    const channel = await firstChannel()
    const [silent] = await channelsOf(world.providerId, false)
    const stranger = await world.makeViewer()
    const past = Date.now() - 5 * HOUR
    expect(await codeOf(open(channel, Date.now() - (channel.archiveDays * 24 + 1) * HOUR))).toBe('NOT_ARCHIVED')
    expect(await codeOf(open(silent as Replayable, past))).toBe('NOT_ARCHIVED')
    expect(await codeOf(open(channel, Date.now() + 3 * HOUR))).toBe('NOT_AIRED')
    expect(await codeOf(open(channel, Date.parse(readMoment('yesterday') ?? '')))).toBe('NOT_ARCHIVED')
    expect(await codeOf(open(channel, past, stranger))).toBe('NOT_FOUND')
    expect(await codeOf(open({ id: 999_999_999 }, past))).toBe('NOT_FOUND')
    expect(asked()).toEqual([])
  })

  test('a film is no channel', async () => {
    const { pool } = await import('@/lib/platform/db')
    const { rows } = await pool().query<{ id: number }>(`SELECT id FROM item WHERE kind = 'movie' LIMIT 1`)
    expect(await codeOf(open({ id: rows[0]?.id ?? 0 }, Date.now() - HOUR))).toBe('NOT_FOUND')
  })

  test('a token for one kind opens no other, and apps have another door', async () => {
    const channel = await firstChannel()
    const view = await open(channel, (await programmeAt(channel, Date.now() - 5 * HOUR)).start)
    const code = async (path: string) => (await get(path)).headers.get('x-error-code')
    expect(await code(view.url.replace('/catch-up/', '/live/'))).toBe('TOKEN_SCOPE')
    expect((await get(view.url.replace('/stream/', '/hls/'))).status).toBe(404)
    const live = await playback.openPlayback(viewer, { itemId: channel.id, capabilities })
    opened.push([viewer, live.sessionId])
    expect(await code(live.url.replace('/live/', '/catch-up/'))).toBe('TOKEN_SCOPE')
  })

  test('progress in a channel is not kept as if it were a film', async () => {
    const channel = await firstChannel()
    const view = await open(channel, (await programmeAt(channel, Date.now() - 5 * HOUR)).start)
    await playback.touchPlayback(viewer, view.sessionId, { positionSeconds: 100, durationSeconds: 600 })
    await playback.closePlayback(viewer, view.sessionId, { positionSeconds: 120, durationSeconds: 600 })
    const { findResumePoint } = await import('@/lib/profiles')
    expect(await findResumePoint(viewer, channel.id)).toBe(0)
  })
})
