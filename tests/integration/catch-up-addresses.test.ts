import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { importNow } from './catalogue-steps'
import {
  asked,
  capabilities,
  channelOf,
  channelsOf,
  clock,
  closeReplays,
  firstChannel,
  get,
  HOUR,
  MINUTE,
  open,
  opened,
  replayIn,
  segmentOf,
} from './catch-up-steps'
import { type GatewayWorld, startGatewayWorld, until } from './gateway-world'

let world: GatewayWorld
let playback: typeof import('@/lib/playback')
beforeAll(async () => {
  world = await startGatewayWorld()
  playback = await import('@/lib/playback')
  await replayIn(world)
})
afterAll(() => world.endAll())
afterEach(closeReplays)

describe('forms of the address', () => {
  const minuteAgo = (hours: number) => Math.floor(Date.now() / MINUTE) * MINUTE - hours * HOUR

  test('the one that works is found, remembered, and seeks stay within one connection', async () => {
    const { who, channel } = await channelOf('archive-query')
    const from = minuteAgo(3)
    const view = await open(channel, from, who)
    // Nobody has read a guide of this provider: an hour from that minute on.
    const stop = new Date(from + HOUR).toISOString()
    expect(view.catchUp).toEqual({ title: '', start: new Date(from).toISOString(), stop, growing: false, next: null })
    await segmentOf(view, 0)
    // The form is asked for a moment long ago first: no picture comes, so that of the moment asked for is not the live one.
    expect(asked().map(line => line.slice(6))).toEqual(['refused', 'refused', 'refused', 'missing', 'sent'])
    for (const number of [400, 20, 580]) await segmentOf(view, number)
    expect(
      asked()
        .slice(5)
        .map(line => line.slice(6)),
    ).toEqual(['sent', 'sent', 'sent'])
    expect(world.provider.stats.connections['archive-query']).toMatchObject({ max: 1 })
    const { pool } = await import('@/lib/platform/db')
    const held = async () => (await pool().query(`SELECT 1 FROM slot WHERE holder <> '' AND expires_at > now()`)).rowCount
    expect(await held()).toBe(1)
    await playback.closePlayback(who, view.sessionId)
    await until(() => world.provider.stats.connections['archive-query']?.now === 0)
    expect(await held()).toBe(0)
    // The provider is free for the live picture at once.
    const live = await playback.openPlayback(who, { itemId: channel.id, capabilities })
    opened.push([who, live.sessionId])
    expect((await get(live.url)).status).toBe(200)
  })

  test('what is missing from the archive is no reason to try other forms', async () => {
    const { who, channel } = await channelOf('archive-query.2')
    const from = minuteAgo(3)
    const first = await open(channel, from, who)
    await segmentOf(first, 0)
    await playback.closePlayback(who, first.sessionId)
    // The provider keeps less than it says.
    const { pool } = await import('@/lib/platform/db')
    await pool().query('UPDATE source SET archive_days = 60 WHERE item_id = $1', [channel.id])
    world.provider.stats.archives.length = 0
    const lost = await open(channel, Date.now() - 40 * 24 * HOUR, who)
    expect((await get(lost.url)).headers.get('x-error-code')).toBe('ARCHIVE_GAP')
    expect(world.provider.stats.archives.map(({ answer }) => answer)).toEqual(['missing'])
    expect(world.provider.stats.connections['archive-query.2']).toMatchObject({ now: 0, opened: 1 })
  })

  test('an empty answer is no archive', async () => {
    const { who, channel } = await channelOf('archive-underscore')
    // Nor is one that was given without asking the provider.
    const line = await world.makeLine({}, who)
    const path = `${world.base}/timeshift/${line.path}/1/${minuteAgo(3) / 1_000}/${channel.id}.ts`
    expect((await fetch(path, { headers: { range: 'bytes=9-1' } })).status).toBe(416)
    const view = await open(channel, minuteAgo(3), who)
    await segmentOf(view, 0)
    expect(asked().map(line => line.slice(6))).toEqual(['refused', 'sent'])
  })

  test('the live picture is not taken for the past, and no form is learned from it', async () => {
    const { who, channel } = await channelOf('archive-underscore.2')
    const { pool } = await import('@/lib/platform/db')
    await pool().query('UPDATE source SET archive_days = 60 WHERE item_id = $1', [channel.id])
    const lost = await open(channel, Date.now() - 40 * 24 * HOUR, who)
    expect((await get(lost.url)).headers.get('x-error-code')).toBe('ARCHIVE_GAP')
    const { archives } = world.provider.stats
    expect(archives.map(({ answer }) => answer)).toEqual(['refused', 'missing', ...Array(6).fill('refused'), 'missing'])
    expect(world.provider.stats.connections['archive-underscore.2']).toMatchObject({ now: 0, max: 1 })
    await playback.closePlayback(who, lost.sessionId)
    archives.length = 0
    await segmentOf(await open(channel, minuteAgo(3), who), 0)
    expect(asked().map(line => line.slice(6))).toEqual(['refused', 'sent'])
  })

  test('a form that is answered with the live picture does not keep the right one from being found', async () => {
    const { who, channel } = await channelOf('archive-words')
    const from = minuteAgo(3)
    const view = await open(channel, from, who)
    await segmentOf(view, 0)
    expect(asked().map(line => line.slice(6))).toEqual([...Array(4).fill('refused'), 'missing', 'sent'])
    await segmentOf(view, 300)
    expect(asked().slice(6)).toEqual([`${clock(from + 30 * MINUTE)} sent`])
    expect(world.provider.stats.connections['archive-words']).toMatchObject({ max: 1 })
  })

  test('a playlist says beside each entry how its archive is reached', async () => {
    const { createProvider } = await import('@/lib/providers')
    const who = await world.makeViewer()
    const playlistUrl = `${world.providerUrl}/playlist.m3u`
    const { id } = await createProvider(who, { kind: 'm3u', name: 'List', playlistUrl, refreshHours: 24, platform: false })
    await importNow(who, id)
    const channel = await firstChannel(id)
    const from = minuteAgo(3)
    const view = await open(channel, from, who)
    expect(JSON.stringify(view)).not.toMatch(/timeshift|127\.0/)
    await segmentOf(view, 0)
    await segmentOf(view, 300)
    expect(asked()).toEqual([`${clock(from)} sent`, `${clock(from + 30 * MINUTE)} sent`])
  })

  test('a rule that a playlist adds later counts for channels that are there already', async () => {
    const { createProvider, updateProvider } = await import('@/lib/providers')
    const who = await world.makeViewer()
    const playlistText = await (await fetch(`${world.providerUrl}/playlist.m3u`)).text()
    const bare = playlistText.replace(/ (timeshift|tvg-rec|catchup[a-z-]*)="[^"]*"/g, '')
    const { id } = await createProvider(who, { kind: 'm3u', name: 'Bare', playlistText: bare, refreshHours: 24, platform: false })
    await importNow(who, id)
    expect(await channelsOf(id)).toEqual([])
    await updateProvider(who, id, { playlistText })
    await importNow(who, id)
    const from = minuteAgo(3)
    await segmentOf(await open(await firstChannel(id), from, who), 0)
    expect(asked()).toEqual([`${clock(from)} sent`])
  })

  test('a provider elsewhere is asked in its own time', async () => {
    const { who, channel } = await channelOf('madrid')
    const from = minuteAgo(3)
    const view = await open(channel, from, who)
    await segmentOf(view, 0)
    const [wish] = world.provider.stats.archives
    expect([wish?.start, wish?.answer]).toEqual([from / 1_000, 'sent'])
    expect(wish?.text.slice(11)).toBe(clock(from + HOUR).replace(':', '-'))
  })
})
