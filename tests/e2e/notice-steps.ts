import type { Browser, Page, Worker } from '@playwright/test'
import { address, anna, type Person, pageFor } from './world'

/** A browser that may show messages, with its service worker. */
export async function openDevice(browser: Browser, person: Person = anna): Promise<{ page: Page; worker: Worker }> {
  const page = await pageFor(browser, person)
  await page.context().grantPermissions(['notifications'], { origin: address })
  await page.goto('/guide')
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  const [worker] = page.context().serviceWorkers()
  if (!worker) throw new Error('no service worker')
  return { page, worker }
}

/** Hands a message to the worker as the browser's own push client would. */
export async function startDelivery(page: Page): Promise<(notice: object) => Promise<void>> {
  const protocol = await page.context().newCDPSession(page)
  const registered = new Promise<string>(done => {
    protocol.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const own = registrations.find(({ scopeURL }) => scopeURL === `${address}/`)
      if (own) done(own.registrationId)
    })
  })
  await protocol.send('ServiceWorker.enable')
  const registrationId = await registered
  return async notice => {
    await protocol.send('ServiceWorker.deliverPushMessage', { origin: address, registrationId, data: JSON.stringify(notice) })
  }
}

export const listShown = (worker: Worker) =>
  worker.evaluate(async () => {
    const scope = globalThis as unknown as { registration: ServiceWorkerRegistration }
    return (await scope.registration.getNotifications()).map(({ title, tag, body }) => ({ title, tag, body }))
  })

/** What the browser does when one of its buttons is pressed. */
export const press = (worker: Worker, action: string) =>
  worker.evaluate(async chosen => {
    const scope = globalThis as unknown as {
      registration: ServiceWorkerRegistration
      NotificationEvent: new (type: string, init: object) => Event
    }
    const [notification] = await scope.registration.getNotifications()
    globalThis.dispatchEvent(new scope.NotificationEvent('notificationclick', { notification, action: chosen }))
  }, action)
