import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { backoff, SECOND } from '@/lib/kernel/time'
import { env } from '@/lib/platform/env'
import { log } from '@/lib/platform/log'
import { sendMail } from '@/lib/platform/mail'
import { sendPush } from '@/lib/platform/push'
import { shared } from '@/lib/platform/shared'
import { type Claimed, type Ending, endDelivery, markHandOver } from './delivery-store'
import { makeGate } from './gate'
import { writeMail } from './message'
import type { PushNotice } from './schema'
import { openSubscription, removeGone } from './subscription-store'

type Push = NonNullable<Claimed['push']>

/**
 * Messages that are given away at once: as many are in doubt when this process is killed. A receiver that takes its time does
 * not hold up the others; 300 a second go at least, which is ten thousand within a minute.
 */
const GIVEN_AT_ONCE = 6
const GIVEN_MS = 20
const gate = () => shared('hand-over', () => makeGate(GIVEN_AT_ONCE, GIVEN_MS))
/** A mail that was given away so often without a word of the server is given up. */
const MAIL_HAND_OVERS = 2
/** Tries of one mail, about a quarter of an hour: a server that is away longer does not hold sending places all evening. */
const MAIL_TRIES = 30

/** The moment in which nobody but the other side knows whether a message is there. */
interface HandOver {
  /** Awaited when all is ready, just before the last byte goes. @throws when the message must stay here */
  begin(): Promise<void>
  /** All but the end is on the other side: whatever keeps it here now is not the message's fault. */
  isReached(): boolean
  isBegun(): boolean
  /** What became of it is written. */
  end(): void
}

function openHandOver(claimed: Claimed): HandOver {
  let isReached = false
  let isBegun = false
  let leave = () => {}
  const begin = async () => {
    isReached = true
    leave = await gate()()
    if (!(await markHandOver(claimed))) throw new AppError('UNAVAILABLE', { message: 'the claim of this message has ended' })
    isBegun = true
  }
  return { begin, isReached: () => isReached, isBegun: () => isBegun, end: () => leave() }
}

const toSeconds = (at: Date) => Math.floor(at.getTime() / SECOND)
/** Seconds until the next try: 1, 2, 4 … 60, with jitter, or what the service asks for. */
const waitFor = (attempts: number, asked: number | null) =>
  Math.max(1, asked ?? 0, backoff(attempts, SECOND, 60 * SECOND) / SECOND)

/** Tries to send one claimed message and writes what became of it. Never throws, except for a database that is away. */
export async function deliver(claimed: Claimed): Promise<void> {
  const handOver = openHandOver(claimed)
  try {
    await endDelivery(claimed, await attempt(claimed, handOver))
  } finally {
    handOver.end()
  }
}

async function attempt(claimed: Claimed, handOver: HandOver): Promise<Ending> {
  if (claimed.isLate) return { state: 'failed', problem: 'LATE' }
  try {
    return claimed.push ? await push(claimed, claimed.push, handOver) : await mail(claimed, handOver)
  } catch (error) {
    log().error({ err: error, delivery: claimed.id }, 'a message could not be sent')
    return { state: 'failed', problem: error instanceof AppError ? error.code : 'UNEXPECTED' }
  }
}

/**
 * A message that may have arrived is sent again under the same topic: the service replaces the first one, and a device that had
 * it already knows its number (docs/decisions/0024).
 */
async function push(claimed: Claimed, { id, hash, secret }: Push, handOver: HandOver): Promise<Ending> {
  const { notificationId, attempts } = claimed
  try {
    const target = openSubscription({ hash, secret })
    const outcome = await sendPush(target, {
      text: JSON.stringify(toNotice(claimed)),
      topic: `reminder-${notificationId}`,
      ttlSeconds: Math.max(60, toSeconds(claimed.stop) - toSeconds(new Date())),
      beforeBody: handOver.begin,
    })
    if (outcome.kind === 'sent') return { state: 'sent' }
    const problem = `PUSH_${outcome.status}`
    if (outcome.kind === 'wait') return { state: 'waiting', problem, seconds: waitFor(attempts, outcome.retryAfterSeconds) }
    if (outcome.kind === 'gone') await removeGone({ id, hash })
    if (outcome.kind === 'keys') alarm(target.endpoint, outcome.status)
    return { state: 'failed', problem }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.code === 'PUSH_ENDPOINT_NOT_ALLOWED') await removeGone({ id, hash })
    if (!error.retryable) return { state: 'failed', problem: error.code }
    return { state: 'waiting', problem: error.code, seconds: waitFor(attempts, null), inDoubt: handOver.isBegun() }
  }
}

const toNotice = ({ notificationId, profileId, kind, others, itemId, title, channel, start, stop }: Claimed): PushNotice => ({
  id: notificationId,
  profileId,
  kind,
  others,
  itemId,
  title: title.slice(0, 300),
  channel: channel.slice(0, 200),
  start: toSeconds(start),
  stop: toSeconds(stop),
})

/** Somebody has to look: no message of ours reaches this service until the keys are right again. */
function alarm(endpoint: string, status: number): void {
  log().error({ host: new URL(endpoint).host, status }, 'a push service refuses the keys of this server')
}

/** How the sender calls a server that is away, silent or cut off. Other faults without an answer are ours, and stay. */
const awayCodes = new Set(['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'EDNS', 'ETLS', 'EABORT'])

/**
 * A mail that may have arrived is sent once more: SMTP has it so (RFC 1047), a reminder that is missing is worse than one that
 * comes twice, and mailboxes know it again by its Message-ID.
 */
async function mail(claimed: Claimed, handOver: HandOver): Promise<Ending> {
  if (claimed.handOvers >= MAIL_HAND_OVERS) return { state: 'failed', problem: 'IN_DOUBT' }
  const { host } = new URL(env().PUBLIC_URL)
  const id = `<reminder-${claimed.notificationId}@${host.replace(/:\d+$/, '')}>`
  try {
    await sendMail({ ...writeMail(claimed, env().PUBLIC_URL), to: claimed.email, id, beforeEnd: handOver.begin })
    return { state: 'sent' }
  } catch (error) {
    const { code = '', responseCode = 0 } = error as { code?: string; responseCode?: number }
    log().warn({ err: error }, 'a reminder could not be mailed')
    const inDoubt = handOver.isBegun() && responseCode === 0
    const problem = inDoubt ? 'IN_DOUBT' : 'MAIL'
    const mayPass = responseCode < 500 && (responseCode >= 400 || handOver.isReached() || awayCodes.has(code))
    if (!mayPass || claimed.attempts >= MAIL_TRIES) return { state: 'failed', problem, inDoubt }
    return { state: 'waiting', problem, seconds: waitFor(claimed.attempts, null), inDoubt }
  }
}
