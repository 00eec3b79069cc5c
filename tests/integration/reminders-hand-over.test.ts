// What becomes of a message whose worker dies, or whose receiver goes away, at each step on its way (docs/decisions/0024).
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { type Mailbox, startMailServer } from '../fakes/mail'
import type { PushService } from '../fakes/push'
import { programmeXml } from './guide-steps'
import { startWorld, type World } from './harness'
import { deliveriesOf, type GuideDesk, letTimePass, makeDue, openPost, query, setDesk } from './reminder-steps'

let world: World
let desk: GuideDesk
let viewer: Viewer
let mail: Mailbox
let push: PushService
let rooms: typeof import('@/lib/notifications')
let store: typeof import('@/lib/notifications/delivery-store')

beforeAll(async () => {
  mail = await startMailServer()
  world = await startWorld({ env: { SMTP_URL: mail.url, PUBLIC_URL: 'https://tv.example', MAIL_FROM: 'TV <tv@tv.example>' } })
  rooms = await import('@/lib/notifications')
  store = await import('@/lib/notifications/delivery-store')
  desk = await setDesk(world)
  await desk.publish(programmeXml('one', 5, 'Film'))
})
afterAll(async () => {
  desk.end()
  await mail.close()
  await world.end()
})
beforeEach(async () => {
  ;({ viewer, push } = await openPost(world, desk))
  mail.mails.length = 0
  mail.hangsUp = false
})
afterEach(async () => {
  expect(push.refused).toEqual([])
  await push.close()
})

/** A message for a device and one by mail, claimed by a worker that does nothing by itself. */
async function claimBoth(scenario = 'ok') {
  await rooms.addPush(viewer, push.subscribe(scenario))
  await rooms.updateNotificationSettings(viewer, { mail: true })
  await makeDue(viewer, desk)
  await store.fireDue(10, true)
  const claimed = await store.claimDeliveries(10)
  expect(claimed).toHaveLength(2)
  return claimed
}
const messageIds = () => mail.mails.map(text => /^message-id: (.*)$/im.exec(text)?.[1])
const topics = () => push.taken.map(({ topic }) => topic)
const once = { state: 'sent', problem: null, given: 1 }
const again = { state: 'sent', problem: null, given: 2 }

test('a worker that dies before it gives anything away: both ways told once, by the next', async () => {
  await claimBoth()
  await rooms.postNow()
  expect([push.taken.length, mail.mails.length], 'not while the claim holds').toEqual([0, 0])
  await letTimePass()
  await rooms.postNow()
  expect([push.taken.length, mail.mails.length]).toEqual([1, 1])
  expect(await deliveriesOf(viewer)).toMatchObject([
    { target: 'mail', attempts: 2, ...once },
    { target: 'push', attempts: 2, ...once },
  ])
})

test('a worker that dies while it gives them away: again, under the topic and the Message-ID of before', async () => {
  const { deliver } = await import('@/lib/notifications/deliver')
  const claimed = await claimBoth()
  // All of it happened except that the end was written.
  await Promise.all(claimed.map(deliver))
  await query(`UPDATE delivery SET state = 'claimed' WHERE id = ANY($1)`, [claimed.map(({ id }) => id)])
  await letTimePass()
  await rooms.postNow()
  expect([topics().length, new Set(topics()).size]).toEqual([2, 1])
  expect([messageIds().length, new Set(messageIds()).size]).toEqual([2, 1])
  expect(await deliveriesOf(viewer)).toMatchObject([again, again])
})

test('a mail is given away twice at most: whoever kills each worker in that moment ends it as doubtful', async () => {
  const claimed = await claimBoth()
  for (const one of claimed) expect(await store.markHandOver(one)).toBe(true)
  await letTimePass()
  for (const one of await store.claimDeliveries(10)) expect(await store.markHandOver(one)).toBe(true)
  await letTimePass()
  await rooms.postNow()
  expect([push.taken.length, mail.mails.length]).toEqual([1, 0])
  expect(await deliveriesOf(viewer)).toMatchObject([
    { target: 'mail', state: 'failed', problem: 'IN_DOUBT' },
    { target: 'push', state: 'sent' },
  ])
})

test('a worker that comes too late gives nothing away: another one has the messages', async () => {
  const { deliver } = await import('@/lib/notifications/deliver')
  const late = await claimBoth()
  await letTimePass()
  expect(await store.claimDeliveries(10)).toHaveLength(2)
  await Promise.all(late.map(deliver))
  expect([push.asked.length, mail.mails.length]).toEqual([0, 0])
  expect(await deliveriesOf(viewer)).toMatchObject([
    { state: 'claimed', attempts: 2, given: 0 },
    { state: 'claimed', attempts: 2, given: 0 },
  ])
  await letTimePass()
  await rooms.postNow()
  expect([push.taken.length, mail.mails.length]).toEqual([1, 1])
})

test('a receiver that takes the message and hangs up is asked once more, and does not get it forever', async () => {
  mail.hangsUp = true
  await claimBoth('cut')
  await letTimePass()
  await rooms.postNow()
  expect(await deliveriesOf(viewer)).toMatchObject([
    { target: 'mail', state: 'waiting', problem: 'IN_DOUBT', given: 1 },
    { target: 'push', state: 'waiting', problem: 'UPSTREAM_UNREACHABLE', given: 1 },
  ])
  push.heal()
  for (let round = 0; round < 3; round++) {
    await letTimePass()
    await rooms.postNow()
  }
  expect([messageIds().length, new Set(messageIds()).size]).toEqual([2, 1])
  expect([topics().length, new Set(topics()).size]).toEqual([2, 1])
  expect(await deliveriesOf(viewer)).toMatchObject([{ state: 'failed', problem: 'IN_DOUBT' }, again])
})

test('a service that says no has not taken it: what comes later is the first', async () => {
  await claimBoth('busy')
  await letTimePass()
  await rooms.postNow()
  expect((await deliveriesOf(viewer))[1]).toMatchObject({ state: 'waiting', problem: 'PUSH_429', given: 0 })
  push.heal()
  await letTimePass()
  await rooms.postNow()
  expect((await deliveriesOf(viewer))[1]).toMatchObject(once)
})
