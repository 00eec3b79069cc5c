import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { db, pool } from '@/lib/platform/db'
import { hashToken, newToken, open, seal } from '@/lib/platform/secrets'
import { isInReach } from './reach-store'

const placeOf = (profileId: string) => ({ table: 'notification_setting', column: 'calendar_secret', row: profileId })

export interface SettingRow {
  mail: boolean
  /** The token of the calendar's address. */
  calendar: string | null
}

export async function readSettings({ profileId }: Viewer): Promise<SettingRow> {
  const row = await db().notificationSetting.findUnique({ where: { profileId }, select: { mail: true, calendarSecret: true } })
  const sealed = row?.calendarSecret ?? null
  return { mail: row?.mail ?? false, calendar: sealed === null ? null : open(sealed, placeOf(profileId)) }
}

export async function saveMail({ profileId }: Viewer, mail: boolean): Promise<void> {
  await db().notificationSetting.upsert({ where: { profileId }, create: { profileId, mail }, update: { mail } })
}

export async function saveZone({ profileId }: Viewer, zone: string): Promise<void> {
  await db().notificationSetting.upsert({ where: { profileId }, create: { profileId, zone }, update: { zone } })
}

/** A new address for the calendar; the one before leads nowhere from now on. */
export async function renewCalendarToken({ profileId }: Viewer): Promise<void> {
  const token = newToken()
  const calendar = { calendarHash: new Uint8Array(hashToken(token)), calendarSecret: seal(token, placeOf(profileId)) }
  await db().notificationSetting.upsert({ where: { profileId }, create: { profileId, ...calendar }, update: calendar })
}

export async function deleteCalendarToken({ profileId }: Viewer): Promise<void> {
  await db().notificationSetting.updateMany({ where: { profileId }, data: { calendarHash: null, calendarSecret: null } })
}

/** Whose calendar this is; null for a token that is none, and for an account that is switched off. */
export async function findCalendarProfile(token: string): Promise<{ profileId: string; name: string } | null> {
  const { rows } = await pool().query<{ profileId: string; name: string }>(
    `SELECT p.id AS "profileId", p.name FROM notification_setting s JOIN profile p ON p.id = s.profile_id
     JOIN account a ON a.id = p.account_id AND a.disabled_at IS NULL WHERE s.calendar_hash = $1`,
    [hashToken(token)],
  )
  return rows[0] ?? null
}

export interface CalendarRow {
  id: number
  itemId: number
  channel: string
  title: string
  subTitle: string | null
  start: Date
  stop: Date
  minutes: number
}

/** Programmes of the reminders of a profile, those of yesterday too. */
export async function listCalendar(profileId: string): Promise<CalendarRow[]> {
  const { rows } = await pool().query<CalendarRow>(
    `SELECT a.id, a.item_id AS "itemId", i.name AS channel, a.title, a.sub_title AS "subTitle", a.start, a.stop, r.minutes
     FROM reminder r JOIN reminder_airing a ON a.reminder_id = r.id JOIN item i ON i.id = a.item_id
       JOIN profile p ON p.id = r.profile_id AND ${isInReach('i.id', 'p')}
     WHERE r.profile_id = $1 AND a.stop > now() - interval '1 day' ORDER BY a.start, a.id LIMIT 1000`,
    [profileId],
  )
  return rows
}
