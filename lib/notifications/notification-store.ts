import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { AppError } from '@/lib/kernel/errors'
import { db, pool } from '@/lib/platform/db'
import { type NotificationKind, SNOOZE_MINUTES } from './schema'

export interface NotificationRow {
  id: number
  kind: NotificationKind
  others: number
  itemId: number
  channel: string
  title: string
  subTitle: string | null
  start: Date
  stop: Date
  createdAt: Date
  seenAt: Date | null
  airingId: number | null
}

/** Alerts are for administrators, also those of the time when somebody was one. */
const mineOf = ({ profileId, role }: Viewer) => ({ profileId, ...(role === 'admin' ? {} : { kind: 'reminder' as const }) })

/** Newest first. */
export const listNotificationRows = (viewer: Viewer, limit: number): Promise<NotificationRow[]> =>
  db().notification.findMany({
    where: mineOf(viewer),
    orderBy: { id: 'desc' },
    take: limit,
    select: {
      id: true,
      kind: true,
      others: true,
      itemId: true,
      channel: true,
      title: true,
      subTitle: true,
      start: true,
      stop: true,
      createdAt: true,
      seenAt: true,
      airingId: true,
    },
  })

export const countUnseen = (viewer: Viewer): Promise<number> =>
  db().notification.count({ where: { ...mineOf(viewer), seenAt: null, stop: { gt: new Date() } } })

/** How many had not been seen. */
export async function markSeen(profileId: string, upTo: number): Promise<number> {
  const unseen = { profileId, id: { lte: upTo }, seenAt: null }
  return (await db().notification.updateMany({ where: unseen, data: { seenAt: new Date() } })).count
}

/** @throws NOT_FOUND */
export async function deleteNotification(profileId: string, id: number): Promise<void> {
  const { count } = await db().notification.deleteMany({ where: { id, profileId } })
  if (count === 0) throw new AppError('NOT_FOUND')
}

/**
 * Puts the programme of a message off: it becomes due again, once, however often it is asked for. The message counts as seen.
 * @throws NOT_FOUND when it is not the profile's, its reminder is gone, or the programme will be over by then
 */
export async function snoozeNotification(profileId: string, id: number): Promise<void> {
  // Of two at the same moment the second waits for the first, and still sees the reminder as it was before: it looks again.
  if (!(await trySnooze(profileId, id)) && !(await trySnooze(profileId, id))) throw new AppError('NOT_FOUND')
}

/** True when it is put off, by this or before. */
async function trySnooze(profileId: string, id: number): Promise<boolean> {
  const { rows } = await pool().query<{ known: boolean }>(
    `WITH told AS (SELECT airing_id, round FROM notification WHERE id = $2 AND profile_id = $1),
     again AS (
       UPDATE reminder_airing a SET fired_at = NULL, round = a.round + 1, due_at = now() + ${SNOOZE_MINUTES} * interval '1 minute'
       FROM told WHERE a.id = told.airing_id AND a.round = told.round AND a.fired_at IS NOT NULL
         AND a.stop > now() + ${SNOOZE_MINUTES} * interval '1 minute' RETURNING a.id),
     seen AS (UPDATE notification SET seen_at = coalesce(seen_at, now()) WHERE id = $2 AND profile_id = $1)
     SELECT EXISTS (SELECT 1 FROM again) OR EXISTS (SELECT 1 FROM told JOIN reminder_airing a ON a.id = told.airing_id
       WHERE a.round > told.round) AS known`,
    [profileId, id],
  )
  return rows[0]?.known === true
}
