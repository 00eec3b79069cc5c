import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { MINUTE, SECOND } from '@/lib/kernel/time'
import { publish } from '@/lib/platform/bus'
import {
  countUnseen,
  deleteNotification,
  listNotificationRows,
  markSeen,
  type NotificationRow,
  snoozeNotification,
} from './notification-store'
import { type NotificationsView, type NotificationView, SNOOZE_MINUTES } from './schema'

/** As many as a bell can show. */
const MAX_LISTED = 30

const toSeconds = (at: Date) => Math.floor(at.getTime() / SECOND)

const toView = ({ airingId, seenAt, ...row }: NotificationRow): NotificationView => ({
  id: row.id,
  kind: row.kind,
  others: row.others,
  itemId: row.itemId,
  channel: row.channel,
  title: row.title,
  subTitle: row.subTitle,
  start: toSeconds(row.start),
  stop: toSeconds(row.stop),
  createdAt: row.createdAt.toISOString(),
  seen: seenAt !== null,
  snoozable: airingId !== null && row.stop.getTime() > Date.now() + SNOOZE_MINUTES * MINUTE,
})

/** What the profile was told of, newest first; `unseen` counts only what is not over. */
export async function listNotifications(viewer: Viewer): Promise<NotificationsView> {
  const [unseen, rows] = await Promise.all([countUnseen(viewer), listNotificationRows(viewer, MAX_LISTED)])
  const from = rows.length < MAX_LISTED ? 0 : (rows.at(-1)?.id ?? 0)
  return { profileId: viewer.profileId, unseen, notifications: rows.map(toView), from }
}

/** The other screens of the profile follow. */
const tellOthers = ({ accountId, profileId }: Viewer) => publish('notification.changed', { accountId, profileId })

/** The bell was opened: everything up to this one has been seen. */
export async function markNotificationsSeen(viewer: Viewer, upTo: number): Promise<void> {
  if ((await markSeen(viewer.profileId, upTo)) > 0) await tellOthers(viewer)
}

/** @throws NOT_FOUND */
export async function dismissNotification(viewer: Viewer, id: number): Promise<void> {
  await deleteNotification(viewer.profileId, id)
  await tellOthers(viewer)
}

/** Again in five minutes. @throws NOT_FOUND, also when it cannot be put off any more */
export async function putOffNotification(viewer: Viewer, id: number): Promise<void> {
  await snoozeNotification(viewer.profileId, id)
  await tellOthers(viewer)
}
