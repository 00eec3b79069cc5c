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
  mail.refusal = null
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

const [waiting, failed] = ['waiting', 'failed'].map(state => ({ target: 'mail', state, problem: 'MAIL', given: 0 }))
const mailOf = async () => (await deliveriesOf(viewer))[0]

test.each([
  ['450 4.2.1 later', waiting],
  ['550 5.1.1 nobody here', failed],
])('a mail server that says %s', async (refusal, expected) => {
  mail.refusal = refusal
  await claimBoth()
  await letTimePass()
  await rooms.postNow()
  expect(await mailOf()).toMatchObject({ ...expected, attempts: 2 })
})

test.each([
  ['address', 'nobody', 'UPDATE account SET email = $2 WHERE id = (SELECT account_id FROM profile WHERE id = $1)'],
  ['zone', 'Nowhere/Land', 'UPDATE notification_setting SET zone = $2 WHERE profile_id = $1'],
])('a mail that cannot be written for its %s ends at once', async (_, wrong, sql) => {
  const [{ email = '' } = {}] = await query<{ email: string }>('SELECT email FROM account WHERE id = $1', [viewer.accountId])
  await claimBoth()
  await query(sql, [viewer.profileId, wrong])
  await letTimePass()
  await rooms.postNow()
  await query('UPDATE account SET email = $2 WHERE id = $1', [viewer.accountId, email])
  expect(await mailOf()).toMatchObject({ ...failed, attempts: 2 })
  expect(mail.mails).toEqual([])
})

test('a mail server that is away is waited for, but not for ever', async () => {
  const { deliver } = await import('@/lib/notifications/deliver')
  const claimed = await claimBoth()
  const port = Number(new URL(mail.url).port)
  await mail.close()
  await Promise.all(claimed.map(deliver))
  expect(await mailOf()).toMatchObject({ ...waiting, attempts: 1 })
  await query('UPDATE delivery SET attempts = 29 WHERE id = ANY($1)', [claimed.map(({ id }) => id)])
  await letTimePass()
  await rooms.postNow()
  mail = await startMailServer(port)
  expect(await mailOf()).toMatchObject({ ...failed, attempts: 30 })
})

test('a claim that runs out while its mail waits for its turn loses nothing', async () => {
  const { deliver } = await import('@/lib/notifications/deliver')
  const claimed = await claimBoth()
  await letTimePass()
  await Promise.all(claimed.map(deliver))
  expect(await mailOf()).toMatchObject({ ...waiting, attempts: 1 })
  await letTimePass()
  await rooms.postNow()
  expect(await deliveriesOf(viewer)).toMatchObject([once, once])
})
