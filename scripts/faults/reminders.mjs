// kill -9 of the worker, three times while ten thousand reminders are on their way, by push and by mail: each is told once, and soon
// (reliability.md C24).
import { startMailServer } from '../../tests/fakes/mail.ts'
import { startPushService } from '../../tests/fakes/push.ts'
import { call, PORT, percentile, sleep, workerPid } from '../bench/world.mjs'
import { seconds } from './viewer.mjs'

export const PUSH_PORT = PORT + 4
export const MAIL_PORT = PORT + 5
const COUNT = Number(process.env.FAULT_REMINDERS ?? 10_000)
const LATE_MS = 60_000
const GIVE_UP_MS = 240_000
/** How long the fakes think about a message; services on the internet take tens of milliseconds. */
const ANSWER_MS = Number(process.env.FAULT_ANSWER_MS ?? 0)
/** The worker dies when so much has arrived. */
const KILLS_AT = [0.25, 0.5, 0.75]
/**
 * Messages of which nobody may know after a kill whether they arrived. Six are given away at once (deliver.ts), and more when an
 * answer takes longer than a place is kept, as it may on a busy machine; never more than the 24 on their way (post-office.ts).
 */
const IN_DOUBT = ANSWER_MS === 0 ? 12 : 24

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

/** What the database says of the messages, held against what has arrived. */
async function tellOf(world, taken) {
  const rows = await world.query(
    `SELECT n.id, n.airing_id AS airing, extract(epoch FROM n.due_at) * 1000 AS due FROM notification n
     JOIN reminder_airing a ON a.id = n.airing_id WHERE a.key = 'fault'`,
  )
  const first = arrivals(taken)
  const late = rows.flatMap(({ id, due }) => (first.has(id) ? [first.get(id) - Number(due)] : []))
  return {
    messages: rows.length,
    reminders: new Set(rows.map(({ airing }) => airing)).size,
    arrived: first.size,
    lost: rows.length - first.size,
    twice: taken.length - first.size,
    p50: percentile(late, 0.5),
    p99: percentile(late, 0.99),
    longest: Math.max(...late),
  }
}

/**
 * Ends the worker as nothing can be caught; tells how many messages it had claimed, and how many of them were being given away.
 * `before`: claims of workers that were killed earlier, which have not run out yet.
 */
async function killWorker(world, before) {
  process.kill(Number(workerPid(world.app.pid)), 'SIGKILL')
  // What it had asked of the database is done or gone by then; a new worker takes longer.
  await sleep(500)
  const held = await world.query(`SELECT id, attempts, hand_overs AS given FROM delivery WHERE state = 'claimed'`)
  const own = held.filter(({ id, attempts }) => before.get(id) !== attempts)
  for (const { id, attempts } of own) before.set(id, attempts)
  return { claimed: own.length, doubted: own.filter(({ given }) => given > 0).length }
}

/** How messages leave the server: a fake at the other end, and what has come there so far. */
const ways = {
  push: async world => {
    const push = await startPushService(PUSH_PORT)
    push.answerMs = ANSWER_MS
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
    box.answerMs = ANSWER_MS
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

async function killAndTell(world, open) {
  const way = await open(world)
  const kills = []
  const claims = new Map()
  try {
    await jobsAreDone(world)
    await makeDue(world)
    for (const part of KILLS_AT) {
      await waitUntil(() => arrivals(way.taken()).size > COUNT * part)
      kills.push(await killWorker(world, claims))
    }
    await waitUntil(() => arrivals(way.taken()).size >= COUNT)
    // Time for a claim that ran out to be sent once more, if anything were left of it.
    await sleep(25_000)
    return { kills, refused: way.refused(), ...(await tellOf(world, way.taken())) }
  } finally {
    await way.end()
    await world.query("DELETE FROM reminder WHERE identity LIKE 'fault %'")
  }
}

/** Every reminder arrives and is known again where it comes a second time; only what was being given away at a kill does. */
function judge({ kills, messages, reminders, refused, arrived, lost, twice, p50, p99, longest }) {
  const doubted = kills.reduce((sum, kill) => sum + kill.doubted, 0)
  const each = kills.map(kill => `${kill.doubted} of ${kill.claimed}`).join(', ')
  return {
    measured: `${arrived} of ${COUNT} arrived, ${lost} lost, ${twice} twice; in doubt at the ${kills.length} kills: ${each} on their way; late p50 ${seconds(p50)}, p99 ${seconds(p99)}, at most ${seconds(longest)}`,
    ok:
      [messages, reminders, arrived].every(count => count === COUNT) &&
      refused === 0 &&
      twice <= doubted &&
      kills.every(kill => kill.doubted <= IN_DOUBT) &&
      p99 <= LATE_MS,
  }
}

const pushed = {
  promise: 'reminder worker killed three times mid-batch: a device shows each once, at most 60 s late',
  inject: async world => judge(await killAndTell(world, ways.push)),
}

/** A mail cannot be taken back: what was being given away at a kill goes again under its Message-ID, which most mailboxes show once. */
const mailed = {
  promise: 'the same by mail: none lost, twice only what was being handed over, with the same Message-ID',
  inject: async world => judge(await killAndTell(world, ways.mail)),
}

export const faults = { C24: pushed, C24M: mailed }
