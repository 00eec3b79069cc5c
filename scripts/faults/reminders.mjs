// kill -9 of the worker while ten thousand reminders are on their way, by push and by mail: each is told once, and soon (reliability.md C24).
import { startMailServer } from '../../tests/fakes/mail.ts'
import { startPushService } from '../../tests/fakes/push.ts'
import { call, PORT, percentile, sleep, workerPid } from '../bench/world.mjs'
import { seconds } from './viewer.mjs'

export const PUSH_PORT = PORT + 4
export const MAIL_PORT = PORT + 5
const COUNT = Number(process.env.FAULT_REMINDERS ?? 10_000)
const LATE_MS = 60_000
const GIVE_UP_MS = 240_000
/** Messages that a worker has on their way at once (post-office.ts). */
const AT_ONCE = 24

/** Reminders of one profile for as many programmes, all due at one moment in a few seconds. */
async function makeDue(world) {
  const [channel] = await world.channelsOf(world.providers.a)
  const [{ profileId }] = await world.query('SELECT id AS "profileId" FROM profile ORDER BY created_at LIMIT 1')
  await world.query(
    `WITH made AS (
       INSERT INTO reminder (profile_id, kind, title, identity, minutes)
       SELECT $1, 'search', 'fault ' || n, 'fault ' || n, 5 FROM generate_series(1, $3) n RETURNING id)
     INSERT INTO reminder_airing (reminder_id, item_id, key, title, start, stop, due_at)
     SELECT id, $2, 'fault', 'Programme', now() + interval '305 seconds' + id * interval '1 second', now() + interval '1 day',
       now() + interval '5 seconds' FROM made`,
    [profileId, channel, COUNT],
  )
}

/** After an import the guide is read, matched and reminders are planned anew, which would take away what is planted here. */
async function jobsAreDone(world) {
  const deadline = Date.now() + GIVE_UP_MS
  for (let calm = 0; calm < 3; ) {
    if (Date.now() > deadline) throw new Error('the jobs of the imports did not come to an end')
    const [{ open }] = await world.query(
      `SELECT count(*)::int AS open FROM pgboss.job WHERE state IN ('created', 'retry', 'active')
         AND name ~ '^(epg|catalogue|reminders)[.]' AND start_after <= now() + interval '1 minute'`,
    )
    calm = open === 0 ? calm + 1 : 0
    await sleep(1_000)
  }
}

async function waitUntil(condition) {
  const began = performance.now()
  while (!condition()) {
    if (performance.now() - began > GIVE_UP_MS) return
    await sleep(50)
  }
}

/** First arrival of every message, by its number. */
function arrivals(taken) {
  const first = new Map()
  for (const { id, at } of taken) if (!first.has(id)) first.set(id, at)
  return first
}

async function tellOf(world, taken) {
  const rows = await world.query(
    `SELECT n.id, n.airing_id AS airing, extract(epoch FROM n.due_at) * 1000 AS due FROM notification n
     JOIN reminder_airing a ON a.id = n.airing_id WHERE a.key = 'fault'`,
  )
  const shown = arrivals(taken)
  const late = rows.flatMap(({ id, due }) => (shown.has(id) ? [shown.get(id) - Number(due)] : []))
  const doubted = await world.query(
    `SELECT 1 FROM delivery d JOIN notification n ON n.id = d.notification_id JOIN reminder_airing a ON a.id = n.airing_id
     WHERE a.key = 'fault' AND d.problem = 'IN_DOUBT'`,
  )
  return {
    messages: rows.length,
    reminders: new Set(rows.map(({ airing }) => airing)).size,
    shown: shown.size,
    lost: rows.length - shown.size,
    doubted: doubted.length,
    repeated: taken.length - shown.size,
    p50: percentile(late, 0.5),
    p99: percentile(late, 0.99),
  }
}

/** How messages leave the server: a fake at the other end, and what has come there so far. */
const ways = {
  push: async world => {
    const push = await startPushService(PUSH_PORT)
    await call('PUT', '/api/push', { cookie: world.cookie, body: push.subscribe() })
    return {
      // As its device counts: a number that was shown already is not shown again.
      taken: () => push.taken.map(({ notice, at }) => ({ id: notice.id, at })),
      refused: () => push.refused.length,
      end: async () => {
        await call('DELETE', '/api/push', { cookie: world.cookie }).catch(() => {})
        await push.close()
      },
    }
  },
  mail: async world => {
    const box = await startMailServer(MAIL_PORT)
    const say = mail => call('PATCH', '/api/notification-settings', { cookie: world.cookie, body: { mail, zone: 'UTC' } })
    await say(true)
    return {
      taken: () =>
        box.mails.map((text, at) => ({ id: Number(/^message-id: <reminder-(\d+)@/im.exec(text)?.[1]), at: box.times[at] })),
      refused: () => 0,
      end: async () => {
        await say(false).catch(() => {})
        await box.close()
      },
    }
  },
}

async function killWorker(world, open) {
  const way = await open(world)
  const count = () => way.taken().length
  try {
    await jobsAreDone(world)
    await makeDue(world)
    await waitUntil(() => count() > COUNT / 4)
    process.kill(Number(workerPid(world.app.pid)), 'SIGKILL')
    const atKill = count()
    await waitUntil(() => arrivals(way.taken()).size >= COUNT - AT_ONCE)
    // Time for a claim that ran out to be sent once more, if anything were left of it.
    await sleep(25_000)
    return { atKill, refused: way.refused(), ...(await tellOf(world, way.taken())) }
  } finally {
    await way.end()
    await world.query("DELETE FROM reminder WHERE identity LIKE 'fault %'")
  }
}

const isComplete = ({ messages, reminders, atKill, refused, p99 }) =>
  messages === COUNT && reminders === COUNT && atKill < COUNT && refused === 0 && p99 <= LATE_MS

const pushed = {
  promise: 'reminder worker killed mid-batch: each told once, at most 60 s late',
  inject: async world => {
    const seen = await killWorker(world, ways.push)
    const { atKill, shown, lost, repeated, p50, p99 } = seen
    return {
      measured: `${atKill} of ${COUNT} sent at the kill; ${shown} arrived, ${lost} lost, ${repeated} sent again under their topic and number; late p50 ${seconds(p50)}, p99 ${seconds(p99)}`,
      ok: isComplete(seen) && lost === 0 && repeated <= AT_ONCE,
    }
  },
}

/** A mail cannot be taken back: what was on its way at the kill is not sent a second time, and stands as doubtful. */
const mailed = {
  promise: 'the same by mail: none twice, at most those on their way at the kill missing',
  inject: async world => {
    const seen = await killWorker(world, ways.mail)
    const { atKill, shown, lost, doubted, repeated, p50, p99 } = seen
    return {
      measured: `${atKill} of ${COUNT} mailed at the kill; ${shown} arrived, ${repeated} twice, ${lost} missing, ${doubted} noted as doubtful; late p50 ${seconds(p50)}, p99 ${seconds(p99)}`,
      ok: isComplete(seen) && repeated === 0 && lost <= doubted && doubted <= AT_ONCE,
    }
  },
}

export const faults = { C24: pushed, C24M: mailed }
