import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { type Mailbox, startMailServer } from '../fakes/mail'
import { type PushService, startPushService } from '../fakes/push'
import { startWorld, type World } from './harness'
import { query } from './reminder-steps'

let world: World
let mail: Mailbox
let push: PushService
let admin: Viewer
let stranger: Viewer
let rooms: typeof import('@/lib/notifications')
let analytics: typeof import('@/lib/analytics')

beforeAll(async () => {
  mail = await startMailServer()
  world = await startWorld({ env: { SMTP_URL: mail.url, PUBLIC_URL: 'https://tv.example', MAIL_FROM: 'TV <tv@tv.example>' } })
  rooms = await import('@/lib/notifications')
  analytics = await import('@/lib/analytics')
  push = await startPushService()
  const { configureSafeFetch } = await import('@/lib/platform/fetch')
  configureSafeFetch({ ownHosts: [], loopbackAllowed: [new URL(push.url).host] })
})
beforeEach(async () => {
  admin = await world.makeViewer({ role: 'admin' })
  stranger = await world.makeViewer()
  for (const viewer of [admin, stranger]) await rooms.addPush(viewer, push.subscribe())
})
afterEach(async () => {
  expect(push.refused).toEqual([])
  push.taken.length = 0
  mail.mails.length = 0
  await query('TRUNCATE account, item, quality_alert, playback_quality CASCADE')
})
afterAll(async () => {
  await push.close()
  await mail.close()
  await world.end()
})

const addChannel = async (name: string): Promise<number> => {
  const [made] = await query<{ id: number }>(
    "INSERT INTO item (kind, name, sort_name, match_key) VALUES ('channel', $1, $1, $1) RETURNING id",
    [name],
  )
  return made?.id ?? 0
}

/** Three viewers for whom the channel fails. */
const spoil = (itemId: number) =>
  query(
    `INSERT INTO playback_quality (session_id, account_id, item_id, source_id, live, browser, connection, decision, zap, watched_ms, stalls,
       network_ms, decode_ms, switch_ms, bitrate_switches, dropped_frames, decoded_frames, bitrate, height, errors, failed, started_at)
     SELECT gen_random_uuid(), gen_random_uuid(), $1, 1, true, 'Chrome', '', '', false, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}', true, now()
     FROM generate_series(1, 3)`,
    [itemId],
  )
const heal = () => query("UPDATE playback_quality SET updated_at = now() - interval '11 minutes'")
/** Moves all that was told so far into the past. */
const wait = (minutes: number) =>
  query(
    `UPDATE quality_alert SET told_at = told_at - $1 * interval '1 minute', end_told_at = end_told_at - $1 * interval '1 minute'`,
    [minutes],
  )
/** What every worker does again and again; here three at the same moment. */
async function look(): Promise<void> {
  await Promise.all([1, 2, 3].map(analytics.watchQuality))
  await Promise.all([1, 2, 3].map(rooms.postNow))
}
const bellOf = async (viewer: Viewer) =>
  (await rooms.listNotifications(viewer)).notifications.map(({ kind, title, others }) => `${kind} ${title} ${others}`)

test('administrators are told once that a channel is bad for everyone, and once that it is fine again; viewers never', async () => {
  const itemId = await addChannel('News')
  await rooms.updateNotificationSettings(admin, { mail: true })
  await rooms.updateNotificationSettings(stranger, { mail: true })
  await look()
  expect(await bellOf(admin)).toEqual([])
  await spoil(itemId)
  await look()
  await look()
  expect(await bellOf(admin)).toEqual(['alert_began News 0'])
  expect(push.taken.map(({ device, notice }) => [device, notice.kind, notice.title, notice.itemId])).toEqual([
    [expect.any(Number), 'alert_began', 'News', itemId],
  ])
  expect(push.taken[0]?.notice.profileId).toBe(admin.profileId)
  expect(mail.mails).toHaveLength(1)
  expect(mail.mails[0]).toContain('News is bad for everyone who watches it.')
  expect(mail.mails[0]?.replace(/=\n/g, '').replaceAll('=3D', '=')).toContain(`https://tv.example/admin/quality?item=${itemId}`)
  await heal()
  await look()
  await look()
  expect(await bellOf(admin)).toEqual(['alert_ended News 0', 'alert_began News 0'])
  expect(push.taken.map(({ notice }) => notice.kind)).toEqual(['alert_began', 'alert_ended'])
  expect(await bellOf(stranger)).toEqual([])
  expect((await query('SELECT 1 FROM quality_alert')).length).toBe(1)
})

test('channels that become bad together are one message, and one that comes and goes is told of once in half an hour', async () => {
  const ids = [await addChannel('News'), await addChannel('Sport'), await addChannel('Kids')]
  for (const id of ids) await spoil(id)
  await look()
  expect(await bellOf(admin)).toEqual(['alert_began News 2'])
  await heal()
  await look()
  await wait(10)
  await query('DELETE FROM playback_quality')
  await spoil(ids[0] ?? 0)
  await look()
  expect(await bellOf(admin)).toEqual(['alert_ended News 2', 'alert_began News 2'])
  await wait(25)
  await look()
  expect(await bellOf(admin)).toEqual(['alert_began News 0', 'alert_ended News 2', 'alert_began News 2'])
  expect(push.taken).toHaveLength(3)
})

test('who is no administrator any more gets nothing of what is on its way, and does not see what was told before', async () => {
  await spoil(await addChannel('News'))
  await analytics.watchQuality()
  await look()
  expect(await bellOf(admin)).toHaveLength(1)
  await query("UPDATE delivery SET state = 'waiting', next_at = now()")
  await query("UPDATE account SET role = 'viewer' WHERE id = $1", [admin.accountId])
  push.taken.length = 0
  await rooms.postNow()
  expect(push.taken).toEqual([])
  const former: Viewer = { ...admin, role: 'viewer' }
  expect(await bellOf(former)).toEqual([])
  expect((await rooms.listNotifications(former)).unseen).toBe(0)
})
