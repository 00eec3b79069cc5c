import 'server-only'
import { pool } from '@/lib/platform/db'
import { isInReach } from './reach-store'
import type { NotificationKind } from './schema'

/** Longer than any attempt may take until its hand-over, and from there to its end: a claim that ran out belongs to a worker that died. */
const CLAIM_SECONDS = 20

/**
 * Makes the messages of what is due, and what is to be sent of each, in one statement: a worker that dies has made all of a
 * message or nothing, and two workers never take the same row. What is over makes no message. Returns whose bells ring, and
 * how many reminders were taken.
 */
export async function fireDue(
  limit: number,
  mailPossible: boolean,
): Promise<{ taken: number; profiles: { accountId: string; profileId: string }[] }> {
  const { rows } = await pool().query<{ taken: number; profiles: { accountId: string; profileId: string }[] | null }>(
    `WITH due AS (
       SELECT id FROM reminder_airing WHERE fired_at IS NULL AND due_at <= now() ORDER BY due_at, id LIMIT $1 FOR UPDATE SKIP LOCKED),
     fired AS (UPDATE reminder_airing a SET fired_at = now() FROM due WHERE a.id = due.id RETURNING a.*),
     wanted AS (
       -- One programme at one time is one message, even where a series and a search both stand for it.
       SELECT DISTINCT ON (r.profile_id, f.item_id, f.start, f.due_at) r.profile_id, p.account_id, f.*, i.name AS channel
       FROM fired f JOIN reminder r ON r.id = f.reminder_id JOIN profile p ON p.id = r.profile_id
         JOIN account a ON a.id = p.account_id AND a.disabled_at IS NULL JOIN item i ON i.id = f.item_id
         AND ${isInReach('i.id', 'p')}
       WHERE f.stop > now() AND NOT EXISTS (SELECT 1 FROM notification n WHERE n.profile_id = r.profile_id
         AND n.item_id = f.item_id AND n.start = f.start AND n.due_at = f.due_at)
       ORDER BY r.profile_id, f.item_id, f.start, f.due_at, f.id),
     made AS (
       INSERT INTO notification (profile_id, airing_id, round, item_id, title, sub_title, channel, start, stop, due_at)
       SELECT profile_id, id, round, item_id, title, sub_title, channel, start, stop, due_at FROM wanted
       ON CONFLICT (airing_id, round) DO NOTHING RETURNING id, profile_id, stop),
     sending AS (
       INSERT INTO delivery (notification_id, target, subscription_id, expires_at)
       SELECT m.id, 'push ' || s.id, s.id, m.stop FROM made m JOIN push_subscription s ON s.profile_id = m.profile_id
         JOIN session l ON l.id = s.session_id AND l.revoked_at IS NULL AND l.expires_at > now()
       UNION ALL
       SELECT m.id, 'mail', NULL, m.stop FROM made m JOIN notification_setting n ON n.profile_id = m.profile_id WHERE n.mail AND $2)
     SELECT (SELECT count(*)::int FROM fired) AS taken,
       (SELECT json_agg(DISTINCT jsonb_build_object('accountId', w.account_id, 'profileId', w.profile_id)) FROM wanted w) AS profiles`,
    [limit, mailPossible],
  )
  return { taken: rows[0]?.taken ?? 0, profiles: rows[0]?.profiles ?? [] }
}

/** The claim of a message by one worker. */
interface Claim {
  id: number
  /** Grows with every claim: a late word of a former worker does not count. */
  attempts: number
  /** How often it was given away before and nobody knows whether it arrived. */
  handOvers: number
}

/** A message that this worker may try to send until its claim runs out. */
export interface Claimed extends Claim {
  isLate: boolean
  notificationId: number
  profileId: string
  kind: NotificationKind
  others: number
  itemId: number
  title: string
  subTitle: string | null
  channel: string
  start: Date
  stop: Date
  /** Null: by mail. */
  push: { id: number; hash: Buffer; secret: string } | null
  email: string
  language: string
  zone: string
}

type ClaimedRow = Omit<Claimed, 'push'> & { pushId: number | null; hash: Buffer | null; secret: string | null }

/** Takes up to `limit` messages that may be sent now, each by one worker. Those of sessions that have ended end with them, and alerts with the role. */
export async function claimDeliveries(limit: number): Promise<Claimed[]> {
  const { rows } = await pool().query<ClaimedRow>(
    `WITH open AS (
       SELECT id FROM delivery WHERE state IN ('waiting', 'claimed') AND next_at <= now()
       ORDER BY next_at, id LIMIT $1 FOR UPDATE SKIP LOCKED),
     taken AS (
       UPDATE delivery d SET state = 'claimed', attempts = attempts + 1, next_at = now() + ${CLAIM_SECONDS} * interval '1 second'
       FROM open WHERE d.id = open.id RETURNING d.*)
     SELECT t.id, t.attempts, t.hand_overs AS "handOvers",
       t.expires_at <= now() OR (t.subscription_id IS NOT NULL AND (l.revoked_at IS NOT NULL OR l.expires_at <= now()))
         OR (n.kind <> 'reminder' AND (a.role <> 'admin' OR a.disabled_at IS NOT NULL)) AS "isLate",
       n.kind, n.others,
       n.id AS "notificationId", n.profile_id AS "profileId", n.item_id AS "itemId", n.title, n.sub_title AS "subTitle",
       n.channel, n.start, n.stop, s.id AS "pushId", s.endpoint_hash AS hash, s.secret, a.email, p.language,
       coalesce(z.zone, 'UTC') AS zone
     FROM taken t JOIN notification n ON n.id = t.notification_id JOIN profile p ON p.id = n.profile_id
       JOIN account a ON a.id = p.account_id LEFT JOIN notification_setting z ON z.profile_id = p.id
       LEFT JOIN push_subscription s ON s.id = t.subscription_id LEFT JOIN session l ON l.id = s.session_id
     ORDER BY t.id`,
    [limit],
  )
  return rows.map(({ pushId, hash, secret, ...row }) => ({
    ...row,
    push: pushId === null || hash === null || secret === null ? null : { id: pushId, hash, secret },
  }))
}

/**
 * Notes that the message is given away now, and holds it for as long again as an answer may take. From here until its end is
 * written it is in doubt. False: the claim has run out or has gone to another worker, and nothing may be given away.
 */
export async function markHandOver({ id, attempts, handOvers }: Claim): Promise<boolean> {
  const { rowCount } = await pool().query(
    `UPDATE delivery SET hand_overs = $3, next_at = now() + ${CLAIM_SECONDS} * interval '1 second'
     WHERE id = $1 AND attempts = $2 AND state = 'claimed' AND next_at > now()`,
    [id, attempts, handOvers + 1],
  )
  return rowCount === 1
}

/** What became of a claimed message. `inDoubt`: it was given away, and no answer came. */
export type Ending =
  | { state: 'sent' }
  | { state: 'failed'; problem: string; inDoubt?: boolean }
  | { state: 'waiting'; problem: string; seconds: number; inDoubt?: boolean }

/** Writes what became of it, unless the claim has gone to another worker meanwhile. */
export async function endDelivery({ id, attempts, handOvers }: Claim, ending: Ending): Promise<void> {
  const isGiven = ending.state === 'sent' || ending.inDoubt === true
  const problem = ending.state === 'sent' ? null : ending.problem
  const seconds = ending.state === 'waiting' ? ending.seconds : 0
  await pool().query(
    `UPDATE delivery SET state = CASE WHEN $3 = 'waiting' AND now() + $5 * interval '1 second' >= expires_at
         THEN 'failed' ELSE $3 END::"DeliveryState",
       problem = $4, next_at = now() + $5 * interval '1 second', sent_at = CASE WHEN $3 = 'sent' THEN now() ELSE NULL END,
       hand_overs = $6
     WHERE id = $1 AND attempts = $2 AND state = 'claimed'`,
    [id, attempts, ending.state, problem, seconds, isGiven ? handOvers + 1 : handOvers],
  )
}
