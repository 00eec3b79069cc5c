import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import {
  type GuideServer,
  importGuideNow,
  outcomeOf,
  plantGuideProvider,
  programmeXml,
  serveGuide,
  storedOf,
  thisHour,
  tv,
} from './guide-steps'
import { startWorld, type World } from './harness'

/** A first guide is stored as it is read, 2 MB at a time and lane (docs/decisions/0043): guides here are larger than both together. */
const CHANNELS = 60
const HOURS = 160

let world: World
let viewer: Viewer
let server: GuideServer
let rooms: typeof import('@/lib/epg')
let pool: ReturnType<typeof import('@/lib/platform/db').pool>
beforeAll(async () => {
  world = await startWorld()
  viewer = await world.makeViewer()
  server = await serveGuide(world)
  rooms = await import('@/lib/epg')
  pool = (await import('@/lib/platform/db')).pool()
  const { prepareQueues } = await import('@/lib/platform/queue')
  await prepareQueues(rooms.guideJobs)
})
afterEach(() => {
  Object.assign(server, { body: '', cutAt: null, pauseAt: null })
})
afterAll(async () => {
  server.end()
  const { stopQueue } = await import('@/lib/platform/queue')
  await stopQueue()
  await world.end()
})

const plant = () => plantGuideProvider(viewer.accountId, { guideUrl: `${server.url}/guide.xml` })
const stamp = (hour: number) => `${new Date(thisHour + hour * 3_600_000).toISOString().replace(/\D/g, '').slice(0, 14)} +0000`
const large = Array.from({ length: CHANNELS }, (_, channel) =>
  Array.from({ length: HOURS }, (_, hour) => {
    const words = `${channel} ${hour} `.repeat(120)
    return `<programme start="${stamp(hour)}" stop="${stamp(hour + 1)}" channel="c${channel}"><title>T</title><desc>${words}</desc></programme>\n`
  }).join(''),
)
const entities = '<!DOCTYPE tv [<!ENTITY a "lol">]><tv></tv>'

async function count(sourceId: number): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM programme p JOIN guide_channel c ON c.id = p.channel_id WHERE c.source_id = $1',
    [sourceId],
  )
  return rows[0]?.count ?? 0
}

/** Begins to read a guide whose server falls silent, and waits until a part of it is stored. */
async function beginReading(id: number): Promise<{ sourceId: number; working: Promise<void> }> {
  const { markQueued, upsertSource } = await import('@/lib/epg/source-store')
  const sourceId = (await upsertSource(id)) ?? 0
  await markQueued(sourceId)
  const working = rooms.importGuide(sourceId)
  await expect.poll(() => count(sourceId), { timeout: 20_000 }).toBeGreaterThan(0)
  return { sourceId, working }
}

test('what turns out to be no guide far behind its beginning leaves nothing', async () => {
  const id = await plant()
  server.body = tv(...large) + entities
  const { sourceId, errorCode } = await importGuideNow(id)
  expect([errorCode, await count(sourceId)]).toEqual(['EPG_INVALID', 0])
  server.body = tv(...large)
  expect(await importGuideNow(id)).toMatchObject({ errorCode: null })
  expect(await count(sourceId)).toBe(CHANNELS * HOURS)
})

test('one that breaks off keeps what had come; the next reading completes it', async () => {
  const id = await plant()
  const whole = Buffer.from(tv(...large))
  server.body = whole
  server.cutAt = Math.floor(whole.length * 0.8)
  const { sourceId, errorCode } = await importGuideNow(id)
  expect(errorCode).toBe('EPG_TRUNCATED')
  const kept = await count(sourceId)
  expect(kept).toBeGreaterThan(CHANNELS * HOURS * 0.7)
  expect(kept).toBeLessThan(CHANNELS * HOURS)
  server.cutAt = null
  await importGuideNow(id)
  expect(await count(sourceId)).toBe(CHANNELS * HOURS)
})

test('one that is stopped keeps whole channels, and others are told of them', async () => {
  const id = await plant()
  const whole = Buffer.from(tv(...large))
  Object.assign(server, { body: whole, pauseAt: Math.floor(whole.length * 0.8) })
  const { sourceId, working } = await beginReading(id)
  await rooms.cancelGuide(viewer, id)
  // The bus carries it to other processes; here the next sign of life finds it.
  await working
  expect(await outcomeOf(sourceId)).toMatchObject({ state: 'idle', errorCode: 'IMPORT_CANCELLED', version: 1 })
  expect((await count(sourceId)) % HOURS).toBe(0)
  server.pauseAt = null
  await importGuideNow(id)
  expect(await count(sourceId)).toBe(CHANNELS * HOURS)
  expect((await storedOf(id, 'c0')).length).toBe(HOURS)
})

test('a run that goes on after another has begun neither writes nor takes away', async () => {
  const { beginSource, markQueued, upsertSource } = await import('@/lib/epg/source-store')
  const { openSession } = await import('@/lib/catalogue')
  const { createStage, storeAtOnce, takeAway } = await import('@/lib/epg/stage-store')
  const sourceId = (await upsertSource(await plant())) ?? 0
  await markQueued(sourceId)
  const first = { sourceId, run: (await beginSource(sourceId))?.run ?? '' }
  const [session, late] = [await openSession(), await openSession()]
  await createStage(session)
  const { rows } = await pool.query<{ id: number }>("SELECT nextval(pg_get_serial_sequence('guide_channel', 'id'))::int AS id")
  const n = rows[0]?.id ?? 0
  const channel = { id: 'c', names: [], icon: null, n, count: 1, first: 0, last: 0, lastStart: 0, lastStop: 0 }
  const whole = { channels: [{ ...channel, isMessy: false, place: 'stored' as const, keepFrom: 0 }] }
  const now = Math.floor(Date.now() / 1_000)
  const { toProgrammeLine } = await import('@/lib/epg/staged')
  const told = { channel: 'c', start: 0, stop: 0, title: 'T', subTitle: null, description: null, categories: [], details: null }
  const pieces = [Buffer.from(toProgrammeLine(n, told, { start: now, stop: now + 60 }))]
  expect(await storeAtOnce(session, { work: first, ...whole, pieces })).toBe(2)

  // It freezes in the middle of a transaction; meanwhile the source is given to another run.
  await late.client.query('BEGIN')
  await pool.query("UPDATE guide_source SET beat_at = now() - interval '2 minutes' WHERE id = $1", [sourceId])
  await new Promise(resolve => setTimeout(resolve, 5))
  expect(await beginSource(sourceId)).not.toBeNull()
  await expect(storeAtOnce(late, { work: first, ...whole, pieces })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(takeAway(session, first, [n])).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await count(sourceId)).toBe(1)
  await Promise.all([session.end(), late.end()])
})

test('a run that was silent for too long writes nothing more once another has begun', async () => {
  const id = await plant()
  const whole = Buffer.from(tv(...large))
  Object.assign(server, { body: whole, pauseAt: Math.floor(whole.length * 0.8) })
  const { sourceId, working } = await beginReading(id)
  const { beginSource, beatSource } = await import('@/lib/epg/source-store')
  await pool.query("UPDATE guide_source SET beat_at = now() - interval '2 minutes' WHERE id = $1", [sourceId])
  const next = await beginSource(sourceId)
  expect(next).not.toBeNull()
  await working
  expect(await outcomeOf(sourceId)).toMatchObject({ state: 'running', errorCode: null, version: 1 })
  expect(await beatSource(sourceId, next?.run ?? '', { ...(await outcomeOf(sourceId)).progress, isWriting: false })).toBe(false)

  const { openSession } = await import('@/lib/catalogue')
  const { storeAtOnce } = await import('@/lib/epg/stage-store')
  const session = await openSession()
  const late = storeAtOnce(session, { work: { sourceId, run: '1' }, channels: [], pieces: [] })
  await expect(late).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await session.end()
})

test('what a dead worker may have changed counts as changed, though the next run finds nothing to do', async () => {
  const id = await plant()
  server.body = tv(programmeXml('a', 0, 'Yes'))
  const { sourceId, version } = await importGuideNow(id)
  await pool.query("UPDATE guide_source SET state = 'running', beat_at = now() - interval '1 hour' WHERE id = $1", [sourceId])
  await rooms.importGuide(sourceId)
  expect(await outcomeOf(sourceId)).toMatchObject({ version: version + 1, state: 'idle', progress: { changed: 0 } })
  await pool.query("UPDATE guide_source SET state = 'running', beat_at = now() - interval '1 hour' WHERE id = $1", [sourceId])
  expect(await importGuideNow(id)).toMatchObject({ version: version + 2, state: 'idle', progress: { changed: 0 } })
})

test('news of a change, and of the end of a provider', async () => {
  const { startBus, stopBus, subscribe } = await import('@/lib/platform/bus')
  await startBus()
  const news: unknown[] = []
  const end = subscribe('guide.changed', data => {
    news.push(data)
  })
  const id = await plant()
  server.body = tv(programmeXml('a', 0, 'Yes'))
  const { sourceId } = await importGuideNow(id)
  const told = { sourceId, providerId: id }
  await expect.poll(() => news).toEqual([told])
  await rooms.followGuide(sourceId, async () => {})
  await importGuideNow(id)
  await pool.query('UPDATE guide_source SET told_version = version WHERE id <> $1', [sourceId])
  const due = rooms.guideJobs.find(({ name }) => name === 'epg.due')
  const lookAgain = () => due?.run({}, new AbortController().signal)
  await lookAgain()
  // A worker that dies between its last change and its news, and one that hears it and cannot follow.
  await pool.query('UPDATE guide_source SET version = version + 1 WHERE id = $1', [sourceId])
  await lookAgain()
  await expect.poll(() => news).toEqual([told, told])
  await expect(rooms.followGuide(sourceId, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  await lookAgain()
  await expect.poll(() => news).toEqual([told, told, told])
  await rooms.followGuide(sourceId, async () => {})
  await lookAgain()
  expect(news).toHaveLength(3)
  end()
  await stopBus()
  const { deleteProvider } = await import('@/lib/providers')
  await deleteProvider(viewer, id)
  expect(await rooms.listAllProgrammes({ providerId: id, guideId: 'a' })).toEqual([])
})
