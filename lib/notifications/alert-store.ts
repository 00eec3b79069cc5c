import 'server-only'
import { pool } from '@/lib/platform/db'

/** One message for all channels that became bad meanwhile: a provider that is away is one piece of news, not a hundred. */
const BETWEEN_MESSAGES = "interval '5 minutes'"
/** A channel that comes and goes is told of once in a while; if it is still bad then, it is told of again. */
const BETWEEN_INCIDENTS = "interval '30 minutes'"
/** How long a message is of use to a device, and counts as new in the bell. */
const SENT_WITHIN = "interval '1 hour'"
const NEW_FOR = "interval '1 day'"

const phases = {
  alert_began: {
    mark: 'told_at',
    due: `a.told_at IS NULL AND a.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM quality_alert b
      WHERE b.told_at > now() - ${BETWEEN_MESSAGES} OR (b.item_id = a.item_id AND b.told_at > now() - ${BETWEEN_INCIDENTS}))`,
  },
  alert_ended: {
    mark: 'end_told_at',
    // Nobody is told of the end of what he was not told of.
    due: `a.told_at IS NOT NULL AND a.end_told_at IS NULL AND a.ended_at IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM quality_alert b WHERE b.end_told_at > now() - ${BETWEEN_MESSAGES})`,
  },
} as const

/**
 * Makes one message to every administrator of the channels that became bad for everyone, or fine again, in one statement: a second
 * worker waits for the first and finds nothing left. Returns whose bells ring.
 */
export async function fireAlerts(
  kind: keyof typeof phases,
  mailPossible: boolean,
): Promise<{ accountId: string; profileId: string }[]> {
  const { mark, due } = phases[kind]
  const { rows } = await pool().query<{ accountId: string; profileId: string }>(
    `WITH due AS (
       SELECT a.id, a.item_id, a.started_at, i.name FROM quality_alert a JOIN item i ON i.id = a.item_id
       WHERE ${due} ORDER BY a.started_at, a.id FOR UPDATE OF a),
     told AS (UPDATE quality_alert a SET ${mark} = now() FROM due WHERE a.id = due.id),
     made AS (
       INSERT INTO notification (profile_id, kind, item_id, title, channel, others, start, stop, due_at)
       SELECT p.id, $1::"NotificationKind", f.item_id, f.name, f.name, (SELECT count(*) - 1 FROM due), f.started_at, now() + ${NEW_FOR}, now()
       FROM (SELECT * FROM due ORDER BY started_at, id LIMIT 1) f CROSS JOIN profile p
         JOIN account a ON a.id = p.account_id AND a.role = 'admin' AND a.disabled_at IS NULL
       RETURNING id, profile_id),
     sending AS (
       INSERT INTO delivery (notification_id, target, subscription_id, expires_at)
       SELECT m.id, 'push ' || s.id, s.id, now() + ${SENT_WITHIN} FROM made m JOIN push_subscription s ON s.profile_id = m.profile_id
         JOIN session l ON l.id = s.session_id AND l.revoked_at IS NULL AND l.expires_at > now()
       UNION ALL
       SELECT m.id, 'mail', NULL, now() + ${SENT_WITHIN} FROM made m JOIN notification_setting n ON n.profile_id = m.profile_id WHERE n.mail AND $2)
     SELECT p.account_id AS "accountId", p.id AS "profileId" FROM made m JOIN profile p ON p.id = m.profile_id`,
    [kind, mailPossible],
  )
  return rows
}
