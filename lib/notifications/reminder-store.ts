import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { db, pool } from '@/lib/platform/db'
import type { AiringChanges, KnownAiring } from './match-airings'
import { isInReach } from './reach-store'
import type { ReminderKind } from './schema'

export interface ReminderRow {
  id: number
  kind: ReminderKind
  itemId: number | null
  title: string
  start: Date | null
  stop: Date | null
  episode: string | null
  minutes: number
  createdAt: Date
}

export interface AiringRow {
  reminderId: number
  itemId: number
  channel: string
  title: string
  subTitle: string | null
  start: Date
  stop: Date
}

const fields = {
  id: true,
  kind: true,
  itemId: true,
  title: true,
  start: true,
  stop: true,
  episode: true,
  minutes: true,
  createdAt: true,
} as const

/** Of these a profile is to be told; programmes that are over are left out. */
const notOver = (profileId: string) => ({ profileId, OR: [{ stop: null }, { stop: { gt: new Date() } }] })

/** As many as `listReminders` lists. */
export const countReminders = (profileId: string): Promise<number> => db().reminder.count({ where: notOver(profileId) })

export const hasReminder = async (profileId: string, identity: string): Promise<boolean> =>
  (await db().reminder.count({ where: { profileId, identity } })) > 0

/** Makes a reminder; one that is there already takes the new lead time, what it waits for by `updateMinutes`. */
export function upsertReminder(
  profileId: string,
  identity: string,
  reminder: Omit<ReminderRow, 'id' | 'createdAt'>,
): Promise<ReminderRow> {
  return db().reminder.upsert({
    where: { profileId_identity: { profileId, identity } },
    create: { ...reminder, profileId, identity },
    update: { minutes: reminder.minutes, start: reminder.start, stop: reminder.stop, episode: reminder.episode },
    select: fields,
  })
}

export const listReminders = (profileId: string): Promise<ReminderRow[]> =>
  db().reminder.findMany({
    where: notOver(profileId),
    select: fields,
    orderBy: { id: 'asc' },
  })

/** @throws NOT_FOUND */
export async function updateMinutes(profileId: string, id: number, minutes: number): Promise<void> {
  const { rowCount } = await pool().query(
    `WITH changed AS (UPDATE reminder SET minutes = $3 WHERE id = $2 AND profile_id = $1 RETURNING id),
     moved AS (UPDATE reminder_airing SET due_at = start - $3 * interval '1 minute'
       WHERE reminder_id IN (SELECT id FROM changed) AND fired_at IS NULL AND round = 0)
     SELECT id FROM changed`,
    [profileId, id, minutes],
  )
  if (rowCount === 0) throw new AppError('NOT_FOUND')
}

/** @throws NOT_FOUND */
export async function deleteReminder(profileId: string, id: number): Promise<void> {
  const { count } = await db().reminder.deleteMany({ where: { id, profileId } })
  if (count === 0) throw new AppError('NOT_FOUND')
}

/** The programmes that reminders wait for, until they are over, by time. */
export async function listAirings(profileId: string, reminderId: number | null = null): Promise<AiringRow[]> {
  const { rows } = await pool().query<AiringRow>(
    `SELECT a.reminder_id AS "reminderId", a.item_id AS "itemId", i.name AS channel, a.title, a.sub_title AS "subTitle", a.start, a.stop
     FROM reminder r JOIN reminder_airing a ON a.reminder_id = r.id JOIN item i ON i.id = a.item_id
       JOIN profile p ON p.id = r.profile_id AND ${isInReach('i.id', 'p')}
     WHERE r.profile_id = $1 AND ($2::int IS NULL OR r.id = $2) AND a.stop > now() ORDER BY a.start, a.id`,
    [profileId, reminderId],
  )
  return rows
}

/** Names of channels that the profile may see, for reminders that wait for nothing just now. */
export async function listChannelNames(profileId: string, itemIds: readonly number[]): Promise<Map<number, string>> {
  const { rows } = await pool().query<{ id: number; name: string }>(
    `SELECT i.id, i.name FROM item i JOIN profile p ON p.id = $1 WHERE i.id = ANY($2::int[]) AND ${isInReach('i.id', 'p')}`,
    [profileId, itemIds],
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}

export async function listKnownAirings(reminderIds: readonly number[]): Promise<Map<number, KnownAiring[]>> {
  const { rows } = await pool().query<KnownAiring & { reminderId: number }>(
    `SELECT id, reminder_id AS "reminderId", item_id AS "itemId", key, start, stop, sub_title AS "subTitle",
       fired_at IS NOT NULL OR round > 0 AS fired
     FROM reminder_airing WHERE reminder_id = ANY($1::int[]) ORDER BY id`,
    [reminderIds],
  )
  return Map.groupBy(rows, ({ reminderId }) => reminderId)
}

/**
 * Writes what a guide changed for one reminder. What was fired keeps its due time, and what is due stays until it is told of,
 * which is a matter of seconds. A row that another plan wrote at the same moment wins, because it read the same guide.
 */
export async function writeAirings(reminder: Pick<ReminderRow, 'id' | 'minutes'>, changes: AiringChanges): Promise<void> {
  const { added, moved, gone } = changes
  if (added.length + moved.length + gone.length === 0) return
  const client = await pool().connect()
  try {
    await client.query('BEGIN')
    await client.query('DELETE FROM reminder_airing WHERE id = ANY($1::int[]) AND fired_at IS NULL AND due_at > now()', [gone])
    for (const airing of moved) {
      await client.query(
        `UPDATE reminder_airing SET item_id = $2, key = $3, title = $4, sub_title = $5, start = $6, stop = $7,
           due_at = CASE WHEN fired_at IS NULL AND round = 0 THEN $6::timestamptz - $8 * interval '1 minute' ELSE due_at END
         WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM reminder_airing o WHERE o.reminder_id = $9 AND o.key = $3 AND o.id <> $1)`,
        [
          airing.id,
          airing.itemId,
          airing.key,
          airing.title,
          airing.subTitle,
          airing.start,
          airing.stop,
          reminder.minutes,
          reminder.id,
        ],
      )
    }
    for (const airing of added) {
      await client.query(
        `INSERT INTO reminder_airing (reminder_id, item_id, key, title, sub_title, start, stop, due_at)
         SELECT r.id, $2, $3, $4, $5, $6, $7, $6::timestamptz - $8 * interval '1 minute' FROM reminder r WHERE r.id = $1
         ON CONFLICT (reminder_id, key) DO NOTHING`,
        [reminder.id, airing.itemId, airing.key, airing.title, airing.subTitle, airing.start, airing.stop, reminder.minutes],
      )
    }
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

/** A single programme stands elsewhere now: the reminder says so in lists, and finds it from there the next time. */
export async function moveReminder(id: number, to: { start: Date; stop: Date; episode: string | null }): Promise<void> {
  await db().reminder.updateMany({ where: { id }, data: to })
}

/** Profiles that have reminders: all, those of one account, or one. */
export async function listRemindedProfiles(only: { accountId?: string | undefined; profileId?: string | undefined }) {
  const { rows } = await pool().query<{ profileId: string; accountId: string }>(
    `SELECT p.id AS "profileId", p.account_id AS "accountId" FROM profile p
     WHERE EXISTS (SELECT 1 FROM reminder r WHERE r.profile_id = p.id)
       AND ($1::uuid IS NULL OR p.account_id = $1) AND ($2::uuid IS NULL OR p.id = $2) ORDER BY p.id`,
    [only.accountId ?? null, only.profileId ?? null],
  )
  return rows
}
