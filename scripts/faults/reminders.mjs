// kill -9 of the worker while ten thousand reminders are on their way: each is told once, and soon (reliability.md C24).
import { startPushService } from '../../tests/fakes/push.ts'
import { call, PORT, percentile, sleep, workerPid } from '../bench/world.mjs'
import { seconds } from './viewer.mjs'

export const PUSH_PORT = PORT + 4
const COUNT = Number(process.env.FAULT_REMINDERS ?? 10_000)
const LATE_MS = 60_000
const GIVE_UP_MS = 240_000
/** Messages that a worker has on their way at once (post-office.ts). */
const AT_ONCE = 24

/** Reminders of one profile for as many programmes, all due at one moment in a few seconds. */
async function makeDue(world) {
  const [channel] = await world.channelsOf(world.providers.a)
  const [{ profileId }] = await world.query('SELECT profile_id AS "profileId" FROM push_subscription')
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

async function waitUntil(condition) {
  const began = performance.now()
  while (!condition()) {
    if (performance.now() - began > GIVE_UP_MS) return
    await sleep(50)
  }
}

/** First arrival of every message, as its device counts: a number that was shown already is not shown again. */
function arrivals(taken) {
  const first = new Map()
  for (const { notice, at } of taken) if (!first.has(notice.id)) first.set(notice.id, at)
  return first
}

async function tellOf(world, taken) {
  const rows = await world.query(
    `SELECT n.id, n.airing_id AS airing, extract(epoch FROM n.due_at) * 1000 AS due FROM notification n
     JOIN reminder_airing a ON a.id = n.airing_id WHERE a.key = 'fault'`,
  )
  const shown = arrivals(taken)
  const late = rows.map(({ id, due }) => (shown.get(id) ?? Number.POSITIVE_INFINITY) - Number(due))
  return {
    messages: rows.length,
    reminders: new Set(rows.map(({ airing }) => airing)).size,
    shown: shown.size,
    repeated: taken.length - shown.size,
    p50: percentile(late, 0.5),
    p99: percentile(late, 0.99),
  }
}

async function killWorker(world) {
  const push = await startPushService(PUSH_PORT)
  try {
    await call('PUT', '/api/push', { cookie: world.cookie, body: push.subscribe() })
    await makeDue(world)
    await waitUntil(() => push.taken.length > COUNT / 4)
    process.kill(Number(workerPid(world.app.pid)), 'SIGKILL')
    const atKill = push.taken.length
    await waitUntil(() => arrivals(push.taken).size >= COUNT)
    // Time for a claim that ran out to be sent once more, if anything were left of it.
    await sleep(25_000)
    return { atKill, refused: push.refused.length, ...(await tellOf(world, push.taken)) }
  } finally {
    await call('DELETE', '/api/push', { cookie: world.cookie }).catch(() => {})
    await world.query("DELETE FROM reminder WHERE identity LIKE 'fault %'")
    await push.close()
  }
}

const killed = {
  promise: 'reminder worker killed mid-batch: each told once, at most 60 s late',
  inject: async world => {
    const seen = await killWorker(world)
    const { atKill, messages, reminders, shown, repeated, refused, p50, p99 } = seen
    return {
      measured: `${atKill} of ${COUNT} sent at the kill; ${shown} arrived, ${COUNT - shown} lost, ${repeated} sent again under their topic and number; late p50 ${seconds(p50)}, p99 ${seconds(p99)}`,
      ok:
        messages === COUNT &&
        reminders === COUNT &&
        shown === COUNT &&
        atKill < COUNT &&
        repeated <= AT_ONCE &&
        refused === 0 &&
        p99 <= LATE_MS,
    }
  },
}

export const faults = { C24: killed }
