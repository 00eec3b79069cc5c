import 'server-only'
import { findAccount } from '@/lib/accounts'
import type { Viewer } from '@/lib/accounts/schema'
import { AppError } from '@/lib/kernel/errors'
import { env } from '@/lib/platform/env'
import { mailConfigured } from '@/lib/platform/mail'
import { requirePushTarget, vapidKeys } from '@/lib/platform/push'
import type { NotificationSettingsInput, NotificationSettingsView, PushInput } from './schema'
import { deleteCalendarToken, readSettings, renewCalendarToken, saveMail, saveZone } from './setting-store'
import { countSubscriptions, deleteSubscription, saveSubscription } from './subscription-store'

/** How this profile is told, and where its calendar is. */
export async function getNotificationSettings(viewer: Viewer): Promise<NotificationSettingsView> {
  const [account, { mail, calendar }, devices, { publicKey }] = await Promise.all([
    findAccount(viewer.accountId),
    readSettings(viewer),
    countSubscriptions(viewer),
    vapidKeys(),
  ])
  if (!account) throw new AppError('NOT_FOUND')
  return {
    mail,
    mailPossible: mailConfigured(),
    email: account.email,
    ...devices,
    publicKey,
    calendar: calendar === null ? null : new URL(`/api/calendar/${calendar}.ics`, env().PUBLIC_URL).href,
  }
}

export async function updateNotificationSettings(
  viewer: Viewer,
  { mail, zone }: NotificationSettingsInput,
): Promise<NotificationSettingsView> {
  if (mail !== undefined) await saveMail(viewer, mail)
  if (zone !== undefined) await saveZone(viewer, zone)
  return getNotificationSettings(viewer)
}

/** Makes an address for the calendar, or a new one in place of the old. */
export async function renewCalendar(viewer: Viewer): Promise<NotificationSettingsView> {
  await renewCalendarToken(viewer)
  return getNotificationSettings(viewer)
}

export const removeCalendar = (viewer: Viewer): Promise<void> => deleteCalendarToken(viewer)

/** Messages of the profile in use go to this browser too. @throws PUSH_ENDPOINT_NOT_ALLOWED, INVALID_PARAMETER */
export async function addPush(viewer: Viewer, { zone, ...target }: PushInput): Promise<void> {
  requirePushTarget(target)
  await saveSubscription(viewer, target)
  if (zone !== undefined) await saveZone(viewer, zone)
}

/** No more messages to this browser. */
export const removePush = (viewer: Viewer): Promise<void> => deleteSubscription(viewer)
