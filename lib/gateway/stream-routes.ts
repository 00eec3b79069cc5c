import type { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { AppError } from '@/lib/kernel/errors'
import { asTextPlaylist, MAX_CHALLENGE_BYTES, type StreamAccess } from '@/lib/playback'
import type { GatewayEnv } from './app'
import { callerOf, type GatewayContext } from './caller'
import { hearClientData } from './client-data'
import { departureOf, requestOf } from './departure'
import { sendFile, sendPiece, sendRaw, sendSegment, sendText } from './send'

const SEGMENT = '[0-9]{1,10}\\.ts'
/** One picture and one sound of several: lib/playback/live-master. */
const CHOICE = 'v[0-9](?:a[0-9]{1,2})?|a[0-9]{1,2}'
const HOP_HEADER = 'x-iptv-hop'

/** An empty token is a wrong one; to the router its address would be nobody's. */
const withoutToken = /^\/[a-z]+\/(?:live|hls|file|film|catch-up|licence)(?:\/?$|\/\/)/

/** Our own pages have a session that says who they are; of apps the place counts with every request. */
const callerAt = (root: string, context: GatewayContext) => (root === '/hls' ? callerOf(context) : undefined)

/** Streams under a token, below `/stream` for our own pages and below `/hls` for apps with a device line. */
export function addStreamRoutes(app: Hono<GatewayEnv>, root: '/stream' | '/hls', access: StreamAccess): void {
  hearClientData(app, root)
  app.use(`${root}/*`, async (context, next) => {
    if (withoutToken.test(context.req.path)) throw new AppError('TOKEN_INVALID')
    await next()
  })
  addLiveRoutes(app, root, access)
  addHlsRoutes(app, root, access)
  // Apps read the archive as one file under their device line.
  if (root === '/stream') {
    addReplayRoutes(app, access)
    addLicenceRoutes(app, access)
  }
  app.get(`${root}/film/:token/:name`, async context => {
    const stream = await access.film(context.req.param('token'), context.req.header(HOP_HEADER), callerAt(root, context))
    if (context.req.method === 'HEAD') return sendText(context, '')
    return sendPiece(context, await stream.open(context.req.param('name'), departureOf(context)))
  })
  app.get(`${root}/file/:token/:name`, async context => {
    const stream = await access.file(context.req.param('token'), context.req.header(HOP_HEADER), callerAt(root, context))
    return sendFile(context, await stream.open(requestOf(context)))
  })
}

function addLiveRoutes(app: Hono<GatewayEnv>, root: string, access: StreamAccess): void {
  const playlist = async (context: GatewayContext, token: string, part: 'index' | 'media' | 'text') => {
    const stream = await access.live(token, context.req.header(HOP_HEADER), callerAt(root, context))
    // A question about the address must not cost a connection of the provider.
    if (context.req.method === 'HEAD') return sendText(context, '')
    const isKnown = context.req.query('_HLS_skip') !== undefined
    const answer = await (part === 'index' ? stream.index(departureOf(context)) : stream.media(departureOf(context), isKnown))
    if ('text' in answer) return sendText(context, part === 'text' ? asTextPlaylist(answer.text) : answer.text)
    return new Response(null, { status: 307, headers: { location: answer.location, 'cache-control': 'no-store' } })
  }
  app.get(`${root}/live/:token/index.m3u8`, context => playlist(context, context.req.param('token'), 'index'))
  app.get(`${root}/live/:token/live.m3u8`, context => playlist(context, context.req.param('token'), 'media'))
  app.get(`${root}/live/:token/:choice{${CHOICE}}/live.m3u8`, context => playlist(context, context.req.param('token'), 'media'))
  app.get(`${root}/live/:token/:title{t[0-9]}/live.m3u8`, context => playlist(context, context.req.param('token'), 'text'))
  app.get(`${root}/live/:token/:title{t[0-9]}/:segment{[0-9]{1,10}\\.vtt}`, async context => {
    const stream = await access.live(context.req.param('token'), undefined, callerAt(root, context))
    const sequence = Number.parseInt(context.req.param('segment'), 10)
    const text = await stream.text(sequence, Number(context.req.param('title').slice(1)), departureOf(context))
    return sendPiece(context, { kind: 'text', text })
  })
  app.get(`${root}/live/:token/live.ts`, async context => {
    const stream = await access.live(context.req.param('token'), context.req.header(HOP_HEADER), callerAt(root, context))
    // After the status nothing can be said any more, so it waits for the picture.
    if (context.req.method !== 'HEAD') await stream.ready(departureOf(context))
    return sendRaw(context, output => stream.raw(output))
  })
  const segment = async (context: GatewayContext, choice?: string) => {
    const stream = await access.live(context.req.param('token') ?? '', undefined, callerAt(root, context))
    const sequence = Number.parseInt(context.req.param('segment') ?? '', 10)
    return sendSegment(context, await stream.segment(sequence, departureOf(context), choice))
  }
  app.get(`${root}/live/:token/:segment{${SEGMENT}}`, context => segment(context))
  app.get(`${root}/live/:token/:choice{${CHOICE}}/:segment{${SEGMENT}}`, context => segment(context, context.req.param('choice')))
}

function addHlsRoutes(app: Hono<GatewayEnv>, root: string, access: StreamAccess): void {
  app.get(`${root}/hls/:token/index.m3u8`, async context => {
    const stream = await access.hls(context.req.param('token'), context.req.header(HOP_HEADER), callerAt(root, context))
    if (context.req.method === 'HEAD') return sendText(context, '')
    return sendText(context, await stream.playlist(departureOf(context)))
  })
  app.get(`${root}/hls/:token/:handle`, async context => {
    const stream = await access.hls(context.req.param('token'), undefined, callerAt(root, context))
    const answer = await stream.resource(context.req.param('handle'), requestOf(context))
    return 'text' in answer ? sendText(context, answer.text) : sendFile(context, answer)
  })
}

function addReplayRoutes(app: Hono<GatewayEnv>, access: StreamAccess): void {
  const open = (context: GatewayContext) => access.catchUp(context.req.param('token') ?? '', context.req.header(HOP_HEADER))
  app.get('/stream/catch-up/:token/index.m3u8', async context => {
    const stream = await open(context)
    if (context.req.method === 'HEAD') return sendText(context, '')
    return sendText(context, await stream.index(departureOf(context)))
  })
  app.get('/stream/catch-up/:token/programme.m3u8', async context => sendText(context, (await open(context)).media()))
  app.get('/stream/catch-up/:token/:segment{[0-9]{1,5}\\.ts}', async context => {
    const stream = await open(context)
    if (context.req.method === 'HEAD') return new Response(null)
    return sendSegment(context, await stream.segment(Number.parseInt(context.req.param('segment'), 10), departureOf(context)))
  })
}

function addLicenceRoutes(app: Hono<GatewayEnv>, access: StreamAccess): void {
  const asBytes = (bytes: Buffer) =>
    new Response(Uint8Array.from(bytes), { headers: { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' } })
  const onError = () => {
    throw new AppError('LICENCE_TOO_LARGE')
  }
  const limit = bodyLimit({ maxSize: MAX_CHALLENGE_BYTES, onError })
  app.post('/stream/licence/:token/:system', limit, async context => {
    const desk = await access.licence(context.req.param('token'))
    const challenge = Buffer.from(await context.req.arrayBuffer())
    return asBytes(await desk.licence(context.req.param('system'), challenge))
  })
  app.get('/stream/licence/:token/:system/certificate', async context => {
    const desk = await access.licence(context.req.param('token'))
    return asBytes(await desk.certificate(context.req.param('system')))
  })
}
