import type { NotificationsView, PushNotice } from '@/lib/notifications/schema'

/**
 * Whether the list says that this message has been looked at, put off or put away. Those of other profiles are not in the list,
 * nor are those before its `from`. `newest`: the newest message that the page knows of; what came after it is not listed yet.
 */
export function isDone(notice: Partial<PushNotice> | null, list: NotificationsView, newest: number): boolean {
  const { id, profileId } = notice ?? {}
  if (id === undefined || profileId !== list.profileId || id < list.from || id > newest) return false
  return !list.notifications.some(one => one.id === id && !one.seen)
}

/** Takes what is done, on whichever device, from what this one still shows outside of the page. */
export async function clearTray(list: NotificationsView, newest: number): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  const registration = await navigator.serviceWorker.getRegistration()
  for (const notice of (await registration?.getNotifications()) ?? []) {
    if (isDone(notice.data as Partial<PushNotice> | null, list, newest)) notice.close()
  }
}
