import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { backoff, SECOND } from '@/lib/kernel/time'
import { env } from '@/lib/platform/env'
import { log } from '@/lib/platform/log'
import { sendMail } from '@/lib/platform/mail'
import { sendPush } from '@/lib/platform/push'
import { type Claimed, type Ending, endDelivery } from './delivery-store'
import { writeMail } from './message'
import type { PushNotice } from './schema'
import { openSubscription, removeGone } from './subscription-store'

type Push = NonNullable<Claimed['push']>

const toSeconds = (at: Date) => Math.floor(at.getTime() / SECOND)
/** Seconds until the next try: 1, 2, 4 … 60, with jitter, or what the service asks for. */
const waitFor = (attempts: number, asked: number | null) =>
  Math.max(1, asked ?? 0, backoff(attempts, SECOND, 60 * SECOND) / SECOND)

/** Tries to send one claimed message and writes what became of it. Never throws, except for a database that is away. */
export async function deliver(claimed: Claimed): Promise<void> {
  await endDelivery(claimed, await attempt(claimed))
}

async function attempt(claimed: Claimed): Promise<Ending> {
  if (claimed.isLate) return { state: 'failed', problem: 'LATE' }
  try {
    return claimed.push ? await push(claimed, claimed.push) : await mail(claimed)
  } catch (error) {
    log().error({ err: error, delivery: claimed.id }, 'a message could not be sent')
    return { state: 'failed', problem: error instanceof AppError ? error.code : 'UNEXPECTED' }
  }
}

/**
 * A message that a dead worker may have sent is sent again under the same topic: the service replaces the first one, and a
 * device that had it already knows its number (docs/decisions/0024).
 */
async function push(claimed: Claimed, { id, hash, secret }: Push): Promise<Ending> {
  const { notificationId, itemId, title, channel, start, stop, attempts } = claimed
  const notice: PushNotice = {
    id: notificationId,
    itemId,
    title: title.slice(0, 300),
    channel: channel.slice(0, 200),
    start: toSeconds(start),
    stop: toSeconds(stop),
  }
  const ttlSeconds = Math.max(60, toSeconds(stop) - toSeconds(new Date()))
  const target = openSubscription({ hash, secret })
  const message = { text: JSON.stringify(notice), topic: `reminder-${notificationId}`, ttlSeconds }
  try {
    const outcome = await sendPush(target, message)
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
    return { state: 'waiting', problem: error.code, seconds: waitFor(attempts, null) }
  }
}

/** Somebody has to look: no message of ours reaches this service until the keys are right again. */
function alarm(endpoint: string, status: number): void {
  log().error({ host: new URL(endpoint).host, status }, 'a push service refuses the keys of this server')
}

/** What SMTP had not been told when it failed: nothing was sent, so that it may be tried again. */
const beforeData = new Set(['CONN', 'EHLO', 'HELO', 'STARTTLS', 'AUTH', 'MAIL FROM', 'RCPT TO'])

/** Mail cannot be taken back and is not known again by its reader: in doubt it is not sent a second time. */
async function mail(claimed: Claimed): Promise<Ending> {
  if (claimed.inDoubt) return { state: 'failed', problem: 'IN_DOUBT' }
  const { host } = new URL(env().PUBLIC_URL)
  const id = `<reminder-${claimed.notificationId}@${host.replace(/:\d+$/, '')}>`
  try {
    await sendMail({ ...writeMail(claimed, env().PUBLIC_URL), to: claimed.email, id })
    return { state: 'sent' }
  } catch (error) {
    const { command, responseCode } = error as { command?: string; responseCode?: number }
    const isUnsent = beforeData.has(command ?? '') || (responseCode !== undefined && responseCode >= 400 && responseCode < 500)
    log().warn({ err: error }, 'a reminder could not be mailed')
    if (isUnsent) return { state: 'waiting', problem: 'MAIL', seconds: waitFor(claimed.attempts, null) }
    return { state: 'failed', problem: 'MAIL' }
  }
}
