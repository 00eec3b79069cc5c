import { route } from '@/lib/edge'
import { getCalendar } from '@/lib/notifications'
import { CalendarParams } from '@/lib/notifications/schema'

/** For calendar apps, which cannot sign in: whoever knows the address may read. */
export const GET = route({
  who: 'public',
  params: CalendarParams,
  run: async ({ params, request }) => {
    const { text, etag } = await getCalendar(params.token)
    const headers = { etag, 'cache-control': 'private, no-cache', 'content-type': 'text/calendar; charset=utf-8' }
    const isKnown = (request.headers.get('if-none-match') ?? '').split(/\s*,\s*/).some(tag => tag.replace(/^W\//, '') === etag)
    return isKnown ? new Response(null, { status: 304, headers }) : new Response(text, { headers })
  },
})
