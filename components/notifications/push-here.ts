import { callApi } from '@/components/shell/api'
import { Failure } from '@/components/shell/failure'
import { SECOND, sleep } from '@/lib/kernel/time'

const READY_MS = 10 * SECOND

/** What this browser can do: an iPhone, for example, takes messages only for an app on its home screen. */
export function canPush(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window
}

const refuse = (say: string, cause?: unknown) => new Failure({ code: 'UNAVAILABLE', say, retryable: true }, cause)

async function registrationHere(): Promise<ServiceWorkerRegistration> {
  const late = sleep(READY_MS).then(() => {
    throw refuse('This browser is not ready for messages yet. Load the page again and try once more.')
  })
  return Promise.race([navigator.serviceWorker.ready, late])
}

async function subscribe(publicKey: string): Promise<PushSubscription> {
  const { pushManager } = await registrationHere()
  const options = { userVisibleOnly: true, applicationServerKey: publicKey }
  try {
    return await pushManager.subscribe(options)
  } catch {
    // Subscribed with the keys of a server that was here before.
    await (await pushManager.getSubscription())?.unsubscribe()
    return pushManager.subscribe(options)
  }
}

/** Asks the viewer, then the browser, and tells the server. Only on a press: browsers refuse pages that ask by themselves. */
export async function turnPushOn(publicKey: string): Promise<void> {
  if ((await Notification.requestPermission()) !== 'granted') {
    throw refuse('This browser does not let us show messages. Allow them for this page in its settings, then try again.')
  }
  const subscription = await subscribe(publicKey).catch((cause: unknown) => {
    if (cause instanceof Failure) throw cause
    throw refuse('The message service of this browser does not answer. Try again later.', cause)
  })
  await tellServer(subscription)
}

async function tellServer(subscription: PushSubscription): Promise<void> {
  const { endpoint, keys } = subscription.toJSON()
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  await callApi('PUT', '/api/push', { endpoint, keys: { p256dh: keys?.p256dh, auth: keys?.auth }, zone })
}

const KEPT = 'push-kept'

/** A subscription belongs to a session: after signing in anew the server hears of it again, once a tab. */
export async function keepPush(): Promise<void> {
  if (!canPush() || Notification.permission !== 'granted' || sessionStorage.getItem(KEPT)) return
  const registration = await navigator.serviceWorker.getRegistration()
  const subscription = await registration?.pushManager.getSubscription()
  if (!subscription) return
  await tellServer(subscription)
  sessionStorage.setItem(KEPT, 'yes')
}

/** The browser forgets its address; a server that still knew it would be told that it is gone. */
export async function forgetPush(): Promise<void> {
  if (!canPush()) return
  const registration = await navigator.serviceWorker.getRegistration()
  await (await registration?.pushManager.getSubscription())?.unsubscribe()
  sessionStorage.removeItem(KEPT)
}

export async function turnPushOff(): Promise<void> {
  await callApi('DELETE', '/api/push')
  await forgetPush()
}
