import { existsSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sleep } from '@/lib/kernel/time'
import { startWorld, type World } from './harness'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(async () => {
  const { stopBus } = await import('@/lib/platform/bus')
  await stopBus()
  await world.end()
})

test('of many who want a lease at once, one gets it', async () => {
  const { acquireLease } = await import('@/lib/platform/lease')
  const won = await Promise.all(Array.from({ length: 50 }, () => acquireLease('one', 5_000)))
  expect(won.filter(Boolean)).toHaveLength(1)
})

test('a lease that is not renewed goes to the next, with a higher fence, and the former holder cannot renew it', async () => {
  const { acquireLease, renewLease } = await import('@/lib/platform/lease')
  const first = await acquireLease('short', 150)
  if (!first) throw new Error('nobody held it')
  expect(await acquireLease('short', 150)).toBeNull()
  expect(await renewLease(first, 150)).toBe(true)
  await sleep(250)
  const second = await acquireLease('short', 5_000)
  expect(second?.fence).toBe(first.fence + 1n)
  expect(await renewLease(first, 5_000)).toBe(false)
})

test('work under a lease runs once at a time, is renewed while it lasts, and leaves the lease free', async () => {
  const { withLease, acquireLease } = await import('@/lib/platform/lease')
  let running = 0
  let most = 0
  const work = () =>
    withLease('work', 200, async signal => {
      running += 1
      most = Math.max(most, running)
      await sleep(500)
      running -= 1
      return signal.aborted
    })
  const results = await Promise.all([work(), work(), work()])
  expect(results.filter(result => result === false)).toHaveLength(1)
  expect(most).toBe(1)
  expect(await acquireLease('work', 100)).not.toBeNull()
})

test('news on the bus reaches its subscribers, until they leave', async () => {
  const { publish, startBus, subscribe } = await import('@/lib/platform/bus')
  await startBus()
  const heard: number[] = []
  const leave = subscribe('provider.changed', ({ providerId }) => {
    heard.push(providerId)
  })
  await publish('provider.changed', { providerId: 7 })
  await expect.poll(() => heard).toEqual([7])
  leave()
  await publish('provider.changed', { providerId: 8 })
  await sleep(200)
  expect(heard).toEqual([7])
})

test('the bus listens again after the database ended its connection', async () => {
  const { pool } = await import('@/lib/platform/db')
  const { publish, subscribe } = await import('@/lib/platform/bus')
  const heard: number[] = []
  subscribe('provider.deleted', ({ providerId }) => {
    heard.push(providerId)
  })
  await pool().query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND pid <> pg_backend_pid()`,
  )
  await expect
    .poll(
      async () => {
        await publish('provider.deleted', { providerId: 9, ownerId: null })
        return heard.length
      },
      { timeout: 10_000, interval: 200 },
    )
    .toBeGreaterThan(0)
})

test('a limit stops the one who exceeds it, and nobody else', async () => {
  const { countAgainst } = await import('@/lib/platform/limits')
  for (let n = 0; n < 10; n++) await countAgainst('signInByAccount', 'eve')
  await expect(countAgainst('signInByAccount', 'eve')).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  await countAgainst('signInByAccount', 'ana')
})

test('the nightly clean-up removes what nobody reads, and keeps the rest', async () => {
  const { db } = await import('@/lib/platform/db')
  const { cleanUp } = await import('@/lib/process/clean-store')
  const viewer = await world.makeViewer()
  const session = { accountId: viewer.accountId, userAgent: '', address: '127.0.0.1' }
  const day = 86_400_000
  await db().session.create({ data: { ...session, expiresAt: new Date(Date.now() - 90 * day) }, select: { id: true } })
  const kept = await db().session.create({ data: { ...session, expiresAt: new Date(Date.now() + day) }, select: { id: true } })
  await cleanUp(new AbortController().signal)
  const left = await db().session.findMany({ where: { accountId: viewer.accountId, userAgent: '' }, select: { id: true } })
  expect(left.map(({ id }) => id)).toContain(kept.id)
  const old = await db().session.count({ where: { expiresAt: { lt: new Date(Date.now() - 30 * day) } } })
  expect(old).toBe(0)
})

test('the server process of a connection stands back behind others, alone and as the session it is; other processes do not', async () => {
  const { pool } = await import('@/lib/platform/db')
  const { standBack } = await import('@/lib/platform/stand-back')
  const client = await pool().connect()
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const pid = rows[0]?.pid ?? 0
  standBack(pid)
  standBack(process.pid)
  expect(getPriority(pid)).toBe(15)
  expect(getPriority(process.pid)).toBe(0)
  const group = `/proc/${pid}/autogroup`
  if (existsSync(group)) await expect.poll(() => readFileSync(group, 'utf8')).toMatch(/nice 15$/m)
  client.release(true)
})
