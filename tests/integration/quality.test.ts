import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import type { QualityFilter, QualityReport } from '@/lib/analytics/schema'
import { startEmbeddedPostgres } from '../../scripts/embedded-postgres.mjs'
import { migrate } from '../../scripts/migrate.mjs'
import { createWorld } from './playback-world'

let dataDir = ''
let database: Awaited<ReturnType<typeof startEmbeddedPostgres>>

const rooms = async () => ({
  analytics: await import('@/lib/analytics'),
  platform: await import('@/lib/platform/db'),
  playbacks: await import('@/lib/playback/store'),
})

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'watchtheflix-quality-'))
  database = await startEmbeddedPostgres({ dataDir })
  await migrate(database.url)
  Object.assign(process.env, { DATABASE_URL: database.url, DATA_DIR: dataDir, LOG_LEVEL: 'silent' })
})

afterEach(async () => {
  await (await rooms()).platform.pool().query('TRUNCATE playback_quality, quality_alert, playback_session')
})

afterAll(async () => {
  await (await rooms()).platform.closeDatabase()
  await database.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

const still = { network: 0, source: 0, decode: 0, switch: 0, seek: 0 }

const report = (sessionId: string, change: Partial<QualityReport> = {}): QualityReport => ({
  sessionId,
  zap: false,
  startMs: 500,
  watchedMs: 60_000,
  stalls: 0,
  stalledMs: still,
  bitrateSwitches: 0,
  droppedFrames: 0,
  decodedFrames: 1_500,
  bitrate: 4_000,
  height: 720,
  errors: [],
  failed: false,
  decision: 'LIVE_PACKAGED',
  connection: 'wifi',
  ...change,
})

const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36'
const filter: QualityFilter = { hours: 1, by: 'channel', players: 'all' }
const makeWorld = () => createWorld('http://127.0.0.1:9', null, [{ ids: ['1'] }])
const asAdmin = (viewer: Viewer): Viewer => ({ ...viewer, role: 'admin' })

async function play(viewer: Viewer, item: { id: number; sources: number[] }): Promise<string> {
  const { accountId, profileId, sessionId } = viewer
  const at = { itemId: item.id, sourceId: item.sources[0] as number, mode: 'hls-package' }
  const asked = { capabilities: { video: [], audio: [], containers: [] }, wishes: {}, isInBand: false, qualities: null }
  const from = { lineId: null, address: '', app: '' }
  const { playbacks } = await rooms()
  return (await playbacks.insertPlayback({ accountId, profileId, sessionId, ...at, ...from, asked })).id
}

describe('what players tell', () => {
  test('is kept once a session, and never shrinks', async () => {
    const { analytics, platform } = await rooms()
    const world = await makeWorld()
    const id = await play(world.viewer, world.item(0))
    const grown = report(id, { stalls: 2, stalledMs: { ...still, network: 1_500, source: 700 }, errors: ['UPSTREAM_STALLED'] })
    await analytics.recordQuality(world.viewer, [grown], chrome)
    await analytics.recordQuality(world.viewer, [report(id, { startMs: 900, watchedMs: 10 })], chrome)
    const { rows } = await platform.pool().query('SELECT * FROM playback_quality')
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({
      browser: 'Chrome',
      item_id: world.item(0).id,
      provider_id: world.providerId,
      start_ms: 500,
      watched_ms: 60_000,
      stalls: 2,
      network_ms: 1_500,
      source_ms: 700,
      live: true,
    })
  })

  test('of a stranger’s session is not there', async () => {
    const { analytics, platform } = await rooms()
    const owner = await makeWorld()
    const stranger = await makeWorld()
    const id = await play(owner.viewer, owner.item(0))
    await expect(analytics.recordQuality(stranger.viewer, [report(id)], chrome)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const other = { ...owner.viewer, profileId: stranger.viewer.profileId }
    await expect(analytics.recordQuality(other, [report(id)], chrome)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await platform.pool().query('SELECT 1 FROM playback_quality')).rowCount).toBe(0)
  })
})

test('the admin sees starts, zaps, halts and failures by channel, source, provider and browser; nobody else does', async () => {
  const { analytics } = await rooms()
  const world = await makeWorld()
  for (const [startMs, change] of [
    [100, {}],
    [300, {}],
    [200, { zap: true }],
    [null, { failed: true, watchedMs: 0 }],
    [500, { watchedMs: 50_000, stalledMs: { ...still, network: 4_000, source: 6_000, seek: 3_000 } }],
  ] as const) {
    const id = await play(world.viewer, world.item(0))
    await analytics.recordQuality(world.viewer, [report(id, { startMs, ...change })], chrome)
  }
  const view = await analytics.readQuality(asAdmin(world.viewer), filter)
  expect(view.total).toMatchObject({ sessions: 5, viewers: 1, failed: 0.2, startP50: 300, startP95: 480, zapP50: 200 })
  expect(view.total.stalled).toBeCloseTo(10 / 240, 3)
  expect(view.rows).toMatchObject([{ key: String(world.item(0).id), name: 'Item', sessions: 5 }])
  for (const [by, name] of [
    ['source', 'Source 1'],
    ['provider', 'Provider'],
    ['browser', 'Chrome'],
    ['player', 'WatchTheFlix'],
  ] as const)
    expect((await analytics.readQuality(asAdmin(world.viewer), { hours: 24, by, players: 'all' })).rows[0]?.name).toBe(name)
  await expect(analytics.readQuality(world.viewer, filter)).rejects.toMatchObject({ code: 'FORBIDDEN' })
})

test('the admin sees what stands behind a row, of one channel alone where he asks for it; nobody else does', async () => {
  const { analytics } = await rooms()
  const world = await createWorld('http://127.0.0.1:9', null, [{ ids: ['1'] }, { ids: ['2'] }])
  const [one, other] = [world.item(0), world.item(1)]
  for (const [item, change] of [
    [one, { stalledMs: { ...still, source: 9_000, network: 1_000, seek: 500 }, watchedMs: 1_800_000, bitrateSwitches: 4 }],
    [one, { errors: ['UPSTREAM_STALLED', 'UNAVAILABLE'], decision: 'AUDIO_CODEC', droppedFrames: 150, watchedMs: 1_800_000 }],
    [one, { errors: ['UPSTREAM_STALLED'], decodedFrames: 0, watchedMs: 900 }],
    [other, { errors: ['STREAM_ENDED'], decision: 'LADDER' }],
  ] as const)
    await analytics.recordQuality(
      world.viewer,
      [report(await play(world.viewer, item), change as Partial<QualityReport>)],
      chrome,
    )
  const admin = asAdmin(world.viewer)
  const alone = { ...filter, by: 'browser', item: one.id } as const
  const { item, total, rows } = await analytics.readQuality(admin, alone)
  expect([item, rows.map(({ key, sessions }) => [key, sessions])]).toEqual(['Item', [['Chrome', 3]]])
  expect(total.stalledMs).toEqual({ network: 1_000, source: 9_000, decode: 0, switch: 0, seek: 500 })
  expect(total.stalled).toBeCloseTo(10_000 / 3_610_900, 5)
  // Of the two that lasted: 8 and 0 changes in an hour; of the two that drew: none and a tenth of the frames.
  expect(total.switchesP50).toBeCloseTo(4, 5)
  expect(total.droppedP50).toBeCloseTo(0.05, 5)
  expect(total.droppedP95).toBeCloseTo(0.095, 5)
  expect(await analytics.readQualityDetail(admin, alone, 'Chrome')).toEqual({
    decisions: [
      { code: 'LIVE_PACKAGED', sessions: 2 },
      { code: 'AUDIO_CODEC', sessions: 1 },
    ],
    errors: [
      { code: 'UPSTREAM_STALLED', sessions: 2 },
      { code: 'UNAVAILABLE', sessions: 1 },
    ],
  })
  const all = { ...filter, by: 'channel' } as const
  expect((await analytics.readQualityDetail(admin, all, String(other.id))).errors).toEqual([
    { code: 'STREAM_ENDED', sessions: 1 },
  ])
  expect(await analytics.readQualityDetail(admin, all, 'nothing')).toEqual({ decisions: [], errors: [] })
  await expect(analytics.readQualityDetail(world.viewer, all, String(one.id))).rejects.toMatchObject({ code: 'FORBIDDEN' })
})

test('a channel that fails for three viewers is told once, and again when it is well', async () => {
  const { analytics, platform } = await rooms()
  const owner = await makeWorld()
  const told: number[] = []
  const { subscribe, startBus, stopBus } = await import('@/lib/platform/bus')
  subscribe('quality.alert', ({ itemId }) => void told.push(itemId))
  await startBus()
  const ids: string[] = []
  for (let n = 0; n < 3; n++) {
    const { viewer } = await makeWorld()
    const id = await play(viewer, owner.item(0))
    ids.push(id)
    await analytics.recordQuality(viewer, [report(id, { failed: n > 0, startMs: null })], chrome)
    await analytics.watchQuality()
    const open = await platform.pool().query('SELECT 1 FROM quality_alert WHERE ended_at IS NULL')
    expect(open.rowCount, `${n + 1} viewers`).toBe(n === 2 ? 1 : 0)
  }
  await analytics.watchQuality()
  const admin = asAdmin(owner.viewer)
  expect((await analytics.readQuality(admin, filter)).alerts).toMatchObject([{ channel: 'Item', viewers: 3, endedAt: null }])
  await platform.pool().query("UPDATE playback_quality SET updated_at = now() - interval '11 minutes'")
  await analytics.watchQuality()
  expect((await analytics.readQuality(admin, filter)).alerts[0]?.endedAt).not.toBeNull()
  await expect.poll(() => told).toEqual([owner.item(0).id, owner.item(0).id])
  await stopBus()
})
