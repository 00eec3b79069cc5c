import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { newHolder } from '@/lib/playback/slot-holder'
import { plantGuideProvider } from './guide-steps'
import { startWorld, type World } from './harness'

let world: World
let viewer: Viewer
beforeAll(async () => {
  world = await startWorld()
  viewer = await world.makeViewer()
})
afterAll(() => world.end())

/** A login of one connection, held for half a minute by `holder`. */
async function heldBy(holder: string): Promise<number> {
  const { pool } = await import('@/lib/platform/db')
  const providerId = await plantGuideProvider(viewer.accountId, { guideUrl: null })
  await pool().query(
    `INSERT INTO slot (provider_id, n, holder, priority, fence, expires_at) VALUES ($1, 1, $2, 5, 1, now() + interval '30 seconds')`,
    [providerId, holder],
  )
  return providerId
}

async function take(providerId: number) {
  const { takeSlot } = await import('@/lib/playback/slots')
  const slot = await takeSlot({ providerId, limit: 1, purpose: 'test', priority: 5 })
  await slot.release()
  return slot.n
}

test('what a killed process of this machine held is free at once, what a living one holds is not', async () => {
  const child = spawn('sleep', ['60'])
  const holder = newHolder(child.pid)
  const providerId = await heldBy(holder)
  await expect(take(providerId)).rejects.toMatchObject({ code: 'PROVIDER_LIMIT' })
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  expect(await take(providerId)).toBe(1)
})

test('a number that another process has now is nobody’s excuse; of other machines and older names nothing is known', async () => {
  const [place, , id] = newHolder().split('/')
  expect(await take(await heldBy(`${place}/${process.pid}.1/${id}`))).toBe(1)
  for (const holder of [`another-boot.1/999999.1/${id}`, id ?? '', 'x/y/z', `${place}`]) {
    const providerId = await heldBy(holder)
    await expect(take(providerId), holder).rejects.toMatchObject({ code: 'PROVIDER_LIMIT' })
  }
})
