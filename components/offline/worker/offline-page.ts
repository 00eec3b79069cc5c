declare const self: ServiceWorkerGlobalScope

const OFFLINE_PAGE = '/offline'

/**
 * Opening a page without a network leads to the offline page, which is kept with the build's files, together with its own
 * policy for scripts. The address that was asked for goes along, to come back to.
 */
export function answerWithoutNetwork(): void {
  self.addEventListener('activate', event => event.waitUntil(self.registration.navigationPreload?.enable()))
  self.addEventListener('fetch', event => {
    const { request } = event
    const url = new URL(request.url)
    if (request.mode !== 'navigate' || url.origin !== self.location.origin || url.pathname === OFFLINE_PAGE) return
    event.respondWith(open(event, url))
  })
}

async function open({ request, preloadResponse }: FetchEvent, url: URL): Promise<Response> {
  try {
    // Asked for while the worker was still starting.
    return ((await preloadResponse) as Response | undefined) ?? (await fetch(request))
  } catch {
    return Response.redirect(`${OFFLINE_PAGE}#${url.pathname}${url.search}`, 302)
  }
}
