import { alertPath, sayAlert } from '@/lib/kernel/alert-words'
import type { NotificationSettingsView, PushNotice } from '@/lib/notifications/schema'
import { noteShown } from './shown-store'

declare const self: ServiceWorkerGlobalScope

interface SubscriptionChange {
  oldSubscription?: PushSubscription | null
  newSubscription?: PushSubscription | null
}

interface Action {
  action: 'watch' | 'snooze' | 'dismiss'
  title: string
}

const actions: Action[] = [
  { action: 'watch', title: 'Watch' },
  { action: 'snooze', title: 'Snooze' },
  { action: 'dismiss', title: 'Dismiss' },
]
const MS = 1_000
/** A snoozed reminder comes back after so many seconds: what ends before that cannot be put off. */
const SNOOZE_SECONDS = 300

/** A server of before there were alerts says nothing of a kind. */
const isAlert = (kind: PushNotice['kind'] | undefined): kind is 'alert_began' | 'alert_ended' =>
  kind === 'alert_began' || kind === 'alert_ended'

const tagOf = ({ id }: PushNotice) => `reminder-${id}`

function readNotice(data: PushMessageData | null): PushNotice | null {
  try {
    const notice = data?.json() as PushNotice | undefined
    return typeof notice?.id === 'number' && typeof notice.itemId === 'number' ? notice : null
  } catch {
    return null
  }
}

/** "20:15 – 21:00 · BBC One": the zone and the way of writing are the device's. */
function sayWhen({ start, stop, channel }: PushNotice): string {
  const span = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' }).formatRange(start * MS, stop * MS)
  return `${span} · ${channel}`
}

const actionsFor = ({ kind, stop }: PushNotice): Action[] =>
  isAlert(kind) ? [] : actions.filter(({ action }) => action !== 'snooze' || stop - Date.now() / MS > SNOOZE_SECONDS)

async function receive(notice: PushNotice): Promise<void> {
  if (!(await noteShown(notice.id).catch(() => true))) return
  const { kind, others, title } = notice
  if (isAlert(kind)) await show({ ...notice, title: sayAlert({ kind, title, others }) }, 'Open to see how it plays.')
  else await show(notice, sayWhen(notice))
}

async function show(notice: PushNotice, body: string): Promise<void> {
  const { title, start } = notice
  // `actions` and `timestamp` are known to browsers and missing in the compiler's list.
  const options: NotificationOptions & { actions: Action[]; timestamp: number } = {
    body,
    tag: tagOf(notice),
    icon: '/icon-192.png',
    data: notice,
    timestamp: start * MS,
    actions: actionsFor(notice),
  }
  await self.registration.showNotification(title, options)
  const windows = await self.clients.matchAll({ type: 'window' })
  for (const client of windows) client.postMessage({ type: 'notification' })
}

/** Goes to the channel, or to how it plays, in a window that is open, else in a new one. */
async function openNotice(notice: PushNotice): Promise<void> {
  const address = isAlert(notice.kind) ? alertPath(notice) : `/watch/${notice.itemId}`
  const windows = await self.clients.matchAll({ type: 'window' })
  const best =
    windows.find(client => client.focused) ?? windows.find(client => client.visibilityState === 'visible') ?? windows[0]
  const moved = await best?.navigate(address).catch(() => null)
  if (!moved) await self.clients.openWindow(address)
  // Browsers allow it right after a click; where they do not, the page is there all the same.
  else await moved.focus().catch(() => undefined)
}

/** Whether the server heard of it. */
const tell = async (method: string, path: string): Promise<boolean> => {
  const answer = await fetch(path, { method, credentials: 'same-origin' }).catch(() => null)
  return answer?.ok === true
}

/** What could not be put off is shown again, or it would be missed. A dismissal that is not heard leaves an entry in the bell. */
async function act(action: string, notice: PushNotice): Promise<void> {
  if (action === 'snooze') {
    const isHeard = await tell('POST', `/api/notifications/${notice.id}/snooze`)
    if (!isHeard) await show(notice, `Could not be put off. ${sayWhen(notice)}`)
  } else if (action === 'dismiss') await tell('DELETE', `/api/notifications/${notice.id}`)
  else await openNotice(notice)
}

/** With which key this device is subscribed, as the server knows; null: it is not, or nobody is signed in. */
async function askOptions(): Promise<PushSubscriptionOptionsInit | null> {
  const answer = await fetch('/api/notification-settings', { credentials: 'same-origin' })
  if (!answer.ok) return null
  const { here, publicKey } = (await answer.json()) as NotificationSettingsView
  return here ? { userVisibleOnly: true, applicationServerKey: publicKey } : null
}

/**
 * The browser changed the address of its messages: the server gets the new one, under the session of this device. Some browsers
 * say neither which one there was nor which one there is.
 */
async function subscribeAnew({ oldSubscription: old, newSubscription: made }: SubscriptionChange): Promise<void> {
  const options = old?.options ?? (made ? null : await askOptions())
  const subscription = made ?? (options && (await self.registration.pushManager.subscribe(options)))
  if (!subscription) return
  const { endpoint, keys } = subscription.toJSON()
  const body = JSON.stringify({ endpoint, keys: { p256dh: keys?.p256dh, auth: keys?.auth } })
  const headers = { 'content-type': 'application/json' }
  await fetch('/api/push', { method: 'PUT', credentials: 'same-origin', headers, body })
}

/** Shows what the server pushes, and does what is pressed on it. */
export function listenForNotices(): void {
  self.addEventListener('push', event => {
    const notice = readNotice(event.data)
    if (notice) event.waitUntil(receive(notice))
  })
  self.addEventListener('notificationclick', event => {
    event.notification.close()
    event.waitUntil(act(event.action, event.notification.data as PushNotice))
  })
  self.addEventListener('pushsubscriptionchange', event => {
    event.waitUntil(subscribeAnew(event as ExtendableEvent & SubscriptionChange))
  })
}
