import { HOUR, SECOND } from '@/lib/kernel/time'
import type { TakeOverMessage } from './messages'

const ADDRESS = '/service-worker.js'

const ownScripts = () =>
  [...document.scripts]
    .filter(script => script.src !== '')
    .map(script => new URL(script.src))
    .filter(url => url.origin === location.origin && url.pathname.startsWith('/_next/static/'))
    .map(url => url.pathname)

/** Only a page that has just been loaded may ask: later it may have become the page of an old build. */
function askToTakeOver(waiting: ServiceWorker): void {
  const message: TakeOverMessage = { type: 'take-over', scripts: ownScripts() }
  waiting.postMessage(message)
}

function watchFirstUpdate(registration: ServiceWorkerRegistration): void {
  const { waiting, installing } = registration
  if (waiting) askToTakeOver(waiting)
  installing?.addEventListener('statechange', () => {
    if (installing.state === 'installed' && registration.waiting === installing) askToTakeOver(installing)
  })
}

const whenIdle = (work: () => void): void => {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: 5 * SECOND })
  else setTimeout(work, SECOND)
}

async function register(): Promise<void> {
  const registration = await navigator.serviceWorker.register(ADDRESS, { updateViaCache: 'none' })
  watchFirstUpdate(registration)
  registration.addEventListener('updatefound', () => watchFirstUpdate(registration), { once: true })
  // A television may show one page for weeks: the next worker should be there when it is loaded again.
  setInterval(() => {
    if (document.visibilityState === 'visible') registration.update().catch(() => undefined)
  }, 6 * HOUR)
}

/** Registers the service worker once the page has what it needs. Where there is none (plain HTTP, development) all works without. */
export function registerServiceWorker(): void {
  if (!('serviceWorker' in navigator)) return
  const begin = () => whenIdle(() => void register().catch(() => undefined))
  if (document.readyState === 'complete') begin()
  else window.addEventListener('load', begin, { once: true })
}
