import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { type Mailbox, startMailServer } from '../fakes/mail'
import type { PushService } from '../fakes/push'
import { programmeXml } from './guide-steps'
import { startWorld, type World } from './harness'
import { deliveriesOf, type GuideDesk, letTimePass, makeDue, openPost, query, seconds, setDesk } from './reminder-steps'

let world: World
let desk: GuideDesk
let viewer: Viewer
let mail: Mailbox
let push: PushService
let rooms: typeof import('@/lib/notifications')

beforeAll(async () => {
  mail = await startMailServer()
  world = await startWorld({ env: { SMTP_URL: mail.url, PUBLIC_URL: 'https://tv.example', MAIL_FROM: 'TV <tv@tv.example>' } })
  rooms = await import('@/lib/notifications')
  desk = await setDesk(world)
  await desk.publish(programmeXml('one', 5, 'Film'), programmeXml('two', 6, 'Concert'))
})
afterAll(async () => {
  desk.end()
  await mail.close()
  await world.end()
})

beforeEach(async () => {
  ;({ viewer, push } = await openPost(world, desk))
  mail.mails.length = 0
})
afterEach(async () => {
  expect(push.refused).toEqual([])
  await push.close()
})

const deliveries = async () => (await deliveriesOf(viewer)).map(({ state, problem, attempts }) => ({ state, problem, attempts }))
const here = async () => (await rooms.getNotificationSettings(viewer)).here

test('what is due is one entry in the bell, one message to the device and one mail, however often somebody looks', async () => {
  await rooms.addPush(viewer, { ...push.subscribe(), zone: 'Europe/Berlin' })
  await rooms.updateNotificationSettings(viewer, { mail: true })
  await makeDue(viewer, desk)
  await Promise.all([rooms.postNow(), rooms.postNow(), rooms.postNow()])
  await rooms.postNow()

  const { unseen, notifications } = await rooms.listNotifications(viewer)
  expect([unseen, notifications.length]).toEqual([1, 1])
  expect(notifications[0]).toMatchObject({ title: 'Film', channel: 'One', start: seconds(5), seen: false, snoozable: true })
  expect(push.taken).toHaveLength(1)
  const id = notifications[0]?.id
  expect(push.taken[0]).toMatchObject({
    topic: `reminder-${id}`,
    urgency: 'high',
    notice: {
      id,
      profileId: viewer.profileId,
      itemId: desk.channels.One,
      title: 'Film',
      channel: 'One',
      start: seconds(5),
      stop: seconds(6),
    },
  })
  expect(mail.mails).toHaveLength(1)
  const at = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Berlin' })
  expect(mail.mails[0]).toContain(`Message-ID: <reminder-${id}@tv.example>`)
  expect(mail.mails[0]?.replace(/=\n/g, '')).toContain(
    `One, ${at.format(seconds(5) * 1_000)} to ${at.format(seconds(6) * 1_000)}`,
  )
  expect(mail.mails[0]).toContain(`https://tv.example/watch/${desk.channels.One}`)
})

test('what is not due yet stays quiet, and what is over makes no message', async () => {
  await rooms.addPush(viewer, push.subscribe())
  const id = await makeDue(viewer, desk)
  await query("UPDATE reminder_airing SET due_at = now() + interval '1 minute' WHERE reminder_id = $1", [id])
  await rooms.postNow()
  await query(
    "UPDATE reminder_airing SET due_at = now() - interval '1 day', stop = now() - interval '1 hour' WHERE reminder_id = $1",
    [id],
  )
  await rooms.postNow()
  expect((await rooms.listNotifications(viewer)).notifications).toEqual([])
  expect(push.taken).toEqual([])
})

test('snooze: the same again in five minutes, once, and not for a stranger', async () => {
  await rooms.addPush(viewer, push.subscribe())
  await makeDue(viewer, desk)
  await rooms.postNow()
  const id = (await rooms.listNotifications(viewer)).notifications[0]?.id ?? 0
  for (const stranger of [await world.makeViewer({ role: 'admin' }), desk.viewer]) {
    await expect(rooms.putOffNotification(stranger, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(rooms.dismissNotification(stranger, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await rooms.markNotificationsSeen(stranger, id)
  }
  expect((await rooms.listNotifications(viewer)).unseen).toBe(1)
  await Promise.all([rooms.putOffNotification(viewer, id), rooms.putOffNotification(viewer, id)])
  expect((await rooms.listNotifications(viewer)).unseen).toBe(0)
  const [row] = await query<{ wait: number; round: number }>(
    'SELECT extract(epoch FROM due_at - now())::int AS wait, round FROM reminder_airing WHERE fired_at IS NULL AND round > 0',
  )
  expect(row?.round).toBe(1)
  expect(Math.abs((row?.wait ?? 0) - 300)).toBeLessThanOrEqual(5)
  await rooms.postNow()
  expect(push.taken).toHaveLength(1)
  await query("UPDATE reminder_airing SET due_at = now() - interval '1 second' WHERE round > 0")
  await rooms.postNow()
  expect(push.taken).toHaveLength(2)
  await rooms.dismissNotification(viewer, id)
  expect((await rooms.listNotifications(viewer)).notifications.map(one => one.id)).not.toContain(id)
})

test.each(['gone', 'missing'])('a subscription that its service calls %s is removed', async scenario => {
  await rooms.addPush(viewer, push.subscribe(scenario))
  await makeDue(viewer, desk)
  await rooms.postNow()
  expect(await here()).toBe(false)
  expect(push.asked).toHaveLength(1)
})

test('a browser that subscribed anew while its old address was called gone keeps its new one', async () => {
  await rooms.addPush(viewer, push.subscribe('gone'))
  const [old] = await query<{ id: number; hash: Buffer }>(
    'SELECT id, endpoint_hash AS hash FROM push_subscription WHERE session_id = $1',
    [viewer.sessionId],
  )
  const fresh = push.subscribe()
  const { hashToken } = await import('@/lib/platform/secrets')
  await query('UPDATE push_subscription SET endpoint_hash = $2 WHERE id = $1', [old?.id, hashToken(fresh.endpoint)])
  const { removeGone } = await import('@/lib/notifications/subscription-store')
  if (old) await removeGone(old)
  expect(await here()).toBe(true)
})

test.each([
  ['busy', 'PUSH_429'],
  ['broken', 'PUSH_500'],
])('a service that is %s is asked again later, and then takes it once', async (scenario, problem) => {
  await rooms.addPush(viewer, push.subscribe(scenario))
  await makeDue(viewer, desk)
  await rooms.postNow()
  expect(await deliveries()).toEqual([{ state: 'waiting', problem, attempts: 1 }])
  await rooms.postNow()
  expect(push.asked, 'not before its time').toHaveLength(1)
  const [{ wait = 0 } = {}] = await query<{ wait: number }>(
    "SELECT extract(epoch FROM next_at - now())::float AS wait FROM delivery WHERE state = 'waiting'",
  )
  if (scenario === 'busy') expect(wait).toBeGreaterThan(1)
  push.heal()
  await letTimePass()
  await rooms.postNow()
  expect(await deliveries()).toEqual([{ state: 'sent', problem: null, attempts: 2 }])
  expect(push.taken).toHaveLength(1)
  expect(await here()).toBe(true)
})

test('a message that is too large is not tried again, and refused keys are told in the log; both keep the subscription', async () => {
  const { log } = await import('@/lib/platform/log')
  const alarm = vi.spyOn(log(), 'error')
  for (const [scenario, problem] of [
    ['large', 'PUSH_413'],
    ['keys', 'PUSH_403'],
  ]) {
    await rooms.addPush(viewer, push.subscribe(scenario))
    await makeDue(viewer, desk)
    await rooms.postNow()
    expect((await deliveries()).at(-1)).toEqual({ state: 'failed', problem, attempts: 1 })
    expect(await here()).toBe(true)
    await query('DELETE FROM reminder WHERE profile_id = $1', [viewer.profileId])
    await query('DELETE FROM notification WHERE profile_id = $1', [viewer.profileId])
  }
  expect(alarm.mock.calls.map(([, text]) => text)).toEqual(['a push service refuses the keys of this server'])
  alarm.mockRestore()
})

test('a service that leads elsewhere is not followed: only its own address was checked', async () => {
  await rooms.addPush(viewer, push.subscribe('moved'))
  await makeDue(viewer, desk)
  await rooms.postNow()
  expect(push.asked.map(({ status }) => status)).toEqual([302])
  expect(push.taken).toEqual([])
  expect(await deliveries()).toMatchObject([{ state: 'failed', problem: 'UPSTREAM_TOO_MANY_REDIRECTS' }])
})

test('a service that does not answer is tried again', async () => {
  await rooms.addPush(viewer, push.subscribe('silent'))
  await makeDue(viewer, desk)
  await rooms.postNow()
  expect(await deliveries()).toEqual([{ state: 'waiting', problem: 'UPSTREAM_TIMEOUT', attempts: 1 }])
})

test('a session that has ended gets nothing more, even what was on its way', async () => {
  await rooms.addPush(viewer, push.subscribe('broken'))
  await makeDue(viewer, desk)
  await rooms.postNow()
  push.heal()
  await query('UPDATE session SET revoked_at = now() WHERE id = $1', [viewer.sessionId])
  await letTimePass()
  await rooms.postNow()
  expect(push.taken).toEqual([])
  expect(await deliveries()).toMatchObject([{ state: 'failed', problem: 'LATE' }])
})

test('an address that is no push service is refused, at saving and at sending', async () => {
  const { keys, endpoint } = push.subscribe()
  for (const wrong of [
    'https://127.0.0.2/',
    'http://fcm.googleapis.com/x',
    'https://fcm.googleapis.com:8443/x',
    'https://10.1.2.3/',
  ]) {
    await expect(rooms.addPush(viewer, { endpoint: wrong, keys })).rejects.toMatchObject({ code: 'PUSH_ENDPOINT_NOT_ALLOWED' })
  }
  await expect(rooms.addPush(viewer, { endpoint, keys: { ...keys, auth: 'AAAA' } })).rejects.toMatchObject({
    code: 'INVALID_PARAMETER',
  })
  await rooms.addPush(viewer, { endpoint, keys })
  const { configureSafeFetch } = await import('@/lib/platform/fetch')
  configureSafeFetch({ ownHosts: [], loopbackAllowed: [] })
  await makeDue(viewer, desk)
  await rooms.postNow()
  expect(push.asked).toEqual([])
  expect(await here()).toBe(false)
})

test('an account has sixteen browsers at most, and a browser has one owner', async () => {
  const sessions = await query<{ id: string }>(
    `INSERT INTO session (account_id, user_agent, address, expires_at)
     SELECT $1, 'test', '127.0.0.1', now() + interval '1 day' FROM generate_series(1, 17) RETURNING id`,
    [viewer.accountId],
  )
  for (const { id } of sessions) await rooms.addPush({ ...viewer, sessionId: id }, push.subscribe())
  expect((await rooms.getNotificationSettings(viewer)).devices).toBe(16)

  const shared = push.subscribe()
  const other = await world.makeViewer()
  await rooms.addPush(viewer, shared)
  await rooms.addPush(other, shared)
  expect(await here()).toBe(false)
  expect((await rooms.getNotificationSettings(other)).here).toBe(true)
  await rooms.removePush(other)
  expect((await rooms.getNotificationSettings(other)).devices).toBe(0)
})

test('the keys of the server are made once, and are sealed', async () => {
  const { publicKey } = await rooms.getNotificationSettings(viewer)
  const { vapidKeys } = await import('@/lib/platform/push')
  const { forget } = await import('@/lib/platform/shared')
  forget('vapid')
  expect((await vapidKeys()).publicKey).toBe(publicKey)
  const [row] = await query<{ value: { privateKey: string } }>("SELECT value FROM setting WHERE key = 'vapid'")
  expect(row?.value.privateKey).toMatch(/^v1:/)
})
