import type { PageMessage } from '../messages'
import { manifest } from './manifest'

declare const self: ServiceWorkerGlobalScope

/**
 * A worker of a new build waits until the pages of the old one are gone: they may still load parts that only the old
 * worker keeps. A page that runs on the new files already and is alone asks it to begin at once. Pages are never reloaded.
 */
export function listenForTakeOver(): void {
  self.addEventListener('message', event => {
    const message = event.data as PageMessage | null
    if (message?.type === 'take-over') event.waitUntil(takeOver(message.scripts))
  })
  // The first worker of a device serves the page that installed it; later ones inherit their pages.
  self.addEventListener('activate', event => event.waitUntil(self.clients.claim()))
}

async function takeOver(scripts: string[]): Promise<void> {
  const own = new Set(manifest.map(entry => entry.url))
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  if (windows.length <= 1 && scripts.every(script => own.has(script))) await self.skipWaiting()
}
