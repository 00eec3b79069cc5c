import type { NotificationView } from '@/lib/notifications/schema'

const idOf = ({ tag }: Notification) => Number(/^reminder-(\d+)$/.exec(tag)?.[1] ?? Number.NaN)

/**
 * Takes what has been looked at, put off or put away, on whichever device, from what this one still shows outside of the page.
 * `newest`: the newest message that this page knows of; what came after it is not in the list yet.
 */
export async function clearTray(listed: readonly NotificationView[], newest: number): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  const registration = await navigator.serviceWorker.getRegistration()
  const waiting = new Set(listed.flatMap(({ id, seen }) => (seen ? [] : [id])))
  for (const notice of (await registration?.getNotifications()) ?? []) {
    const id = idOf(notice)
    if (id <= newest && !waiting.has(id)) notice.close()
  }
}
