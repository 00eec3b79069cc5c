import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { listFrames } from '@/lib/playback/archive/archive.test-support'
import { addProvider, importNow } from './catalogue-steps'
import {
  asked,
  channelOf,
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
  prints,
  type Replayable,
  replayIn,
  segmentOf,
  sentAt,
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

describe('an archive that is HLS', () => {
  test('of a panel that serves nothing else: asked for as a list first, played and seeked in like any other', async () => {
    const { who, channel } = await channelOf('hls-only')
    const from = Math.floor(Date.now() / MINUTE) * MINUTE - 3 * HOUR
    const same = (await channelsOf(world.providerId)).find(({ stream }) => stream === channel.stream)
    if (same === undefined) throw new Error('not the same catalogue')
    const sent = prints(await sentAt(same, from), 100)
    world.provider.stats.archives.length = 0
    const view = await open(channel, from, who)
    expect(prints(await segmentOf(view, 0), 100)).toEqual(sent)
    await segmentOf(view, 1)
    const far = await segmentOf(view, 305)
    expect(Math.abs((listFrames(far)[0]?.at ?? 0) - 305 * 6)).toBeLessThan(4.1)
    expect(asked()).toEqual([`${clock(from)} sent`, `${clock(from + 30 * MINUTE)} sent`])
    expect(JSON.stringify(view) + (await listOf(view))).not.toMatch(/pass|127\.0|hls-only/)
    await playback.closePlayback(who, view.sessionId)

    // Another app gets one transport stream, whatever range it asks for.
    const line = await world.makeLine({}, who)
    const range = { range: 'bytes=1000-' }
    const answer = await fetch(`${world.base}/timeshift/${line.path}/1/${from / 1_000}/${channel.id}.ts`, { headers: range })
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect([answer.status, bytes[0], bytes.length % 188, listFrames(bytes).length > 1_000]).toEqual([200, 0x47, 0, true])
  })

  test('of a playlist whose rule leads to a list of segments', async () => {
    const { createProvider } = await import('@/lib/providers')
    const who = await world.makeViewer()
    const text = await (await fetch(`${world.providerUrl}/playlist.m3u`)).text()
    const playlistText = text
      .replace(/(catchup-source="[^"]*)\.ts"/g, '$1.m3u8"')
      .replaceAll('/timeshift/public/', '/timeshift/hls-only/')
    const { id } = await createProvider(who, { kind: 'm3u', name: 'Lists', playlistText, refreshHours: 24, platform: false })
    await importNow(who, id)
    const from = Math.floor(Date.now() / MINUTE) * MINUTE - 3 * HOUR
    const view = await open(await firstChannel(id), from, who)
    expect(prints(await segmentOf(view, 0), 1)).toHaveLength(1)
    expect(asked()).toEqual([`${clock(from)} sent`])
  })

  test('a list that moves on like the live one is not taken for the past', async () => {
    const { createProvider } = await import('@/lib/providers')
    const who = await world.makeViewer()
    const entry = '#EXTINF:-1 tvg-id="x" catchup="append" catchup-source="?from={utc}" catchup-days="3",Moving'
    const playlistText = `#EXTM3U\n${entry}\n${world.providerUrl}/live/hls-only/pass/1001.m3u8\n`
    const { id } = await createProvider(who, { kind: 'm3u', name: 'Moving', playlistText, refreshHours: 24, platform: false })
    await importNow(who, id)
    const view = await open(await firstChannel(id), Date.now() - 3 * HOUR, who)
    const answer = await get(view.url)
    expect([answer.status, answer.headers.get('x-error-code'), await answer.text()]).toEqual([404, 'ARCHIVE_GAP', ''])
  })
})

describe('a channel of two sources', () => {
  async function twins(other: string): Promise<{ who: Viewer; channel: Replayable; short: number; long: number }> {
    const { pool } = await import('@/lib/platform/db')
    const who = await world.makeViewer()
    const [short, long] = [
      await addProvider(world, who, `normal.${other}-short`),
      await addProvider(world, who, `normal.${other}-long`),
    ]
    for (const id of [short, long]) await importNow(who, id)
    const [channel, same] = [await firstChannel(short), await firstChannel(long)]
    const { mergeItems } = await import('@/lib/catalogue')
    await mergeItems(who, channel.id, same.id)
    await pool().query('UPDATE source SET archive_days = 1 WHERE item_id = $1 AND provider_id = $2', [channel.id, short])
    return { who, channel, short, long }
  }
  const loginsAsked = () => [...new Set(world.provider.stats.archives.map(({ login }) => login))]
  const openAndRead = async (who: Viewer, channel: Replayable, from: number) => {
    world.provider.stats.archives.length = 0
    await segmentOf(await open(channel, from, who), 0)
    return loginsAsked()
  }

  test('is replayed from the one that reaches back far enough, here and in other apps', async () => {
    const { who, channel } = await twins('a')
    expect(await openAndRead(who, channel, Date.now() - 3 * HOUR)).toEqual(['normal.a-short'])
    expect(await openAndRead(who, channel, Date.now() - 50 * HOUR)).toEqual(['normal.a-long'])
    const line = await world.makeLine({}, who)
    world.provider.stats.archives.length = 0
    const start = Math.floor((Date.now() - 50 * HOUR) / MINUTE) * 60
    expect((await fetch(`${world.base}/timeshift/${line.path}/1/${start}/${channel.id}.ts`)).status).toBe(200)
    expect(loginsAsked()).toEqual(['normal.a-long'])
    expect(await codeOf(open(channel, Date.now() - 30 * 24 * HOUR, who))).toBe('NOT_ARCHIVED')
  })

  test('says how far back the longer one reaches, through imports, until they part', async () => {
    const { pool } = await import('@/lib/platform/db')
    const { splitSource } = await import('@/lib/catalogue')
    const { who, channel, short, long } = await twins('b')
    const depths = async () => {
      const { rows } = await pool().query<{ item: number; source: number }>(
        `SELECT i.archive_days AS item, s.archive_days AS source FROM source s JOIN item i ON i.id = s.item_id
         WHERE s.provider_id = ANY($1::int[]) AND s.provider_item_id = $2 ORDER BY s.provider_id`,
        [[short, long], channel.stream],
      )
      return rows.map(({ item, source }) => [item, source])
    }
    const said = channel.archiveDays
    await importNow(who, long)
    expect(await depths()).toEqual([
      [said, 1],
      [said, said],
    ])
    // The provider itself says something else with its next list.
    await importNow(who, short)
    expect((await depths())[0]).toEqual([said, said])
    await pool().query('UPDATE source SET archive_days = 1 WHERE item_id = $1 AND provider_id = $2', [channel.id, short])
    const { rows } = await pool().query<{ id: number }>('SELECT id FROM source WHERE item_id = $1 AND provider_id = $2', [
      channel.id,
      long,
    ])
    await splitSource(who, rows[0]?.id ?? 0)
    expect(await depths()).toEqual([
      [1, 1],
      [said, said],
    ])
  })
})
