import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { AppError, isAbort, toAppError } from '@/lib/kernel/errors'
import type { StreamAccess } from '@/lib/playback'
import { sendFile, sendRaw, sendSegment, sendText } from './send'

export interface GatewayOptions {
  access: StreamAccess
  /** True for an X-Iptv-Hop header that has already passed this server. */
  isLoopedHop(header: string | undefined): boolean
  /** Called with every failure that is not ordinary. */
  onError?(error: AppError): void
}

export type GatewayEnv = { Bindings: Partial<HttpBindings> }
type GatewayContext = Context<GatewayEnv>

const HOP_HEADER = 'x-iptv-hop'
/** What access logs of proxies show for a client that left before its answer. */
const CLIENT_CLOSED = 499

/** The addresses of stream bytes. No cookie counts here: the token in the address names the playback session. */
export function createGateway(options: GatewayOptions): Hono<GatewayEnv> {
  const app = new Hono<GatewayEnv>()
  app.onError((error, context) => answerError(context, error, options))
  app.notFound(context => bare(context, 404, { 'x-error-code': 'NOT_FOUND' }))
  app.use('*', async (context, next) => {
    requireOwnPage(context)
    if (options.isLoopedHop(context.req.header(HOP_HEADER))) throw new AppError('UPSTREAM_IS_SELF')
    // An address never comes from the client: there is nothing to ask for beyond the path.
    if (context.req.query('url') !== undefined) throw new AppError('INVALID_PARAMETER')
    await next()
  })
  app.options('*', context => bare(context, 204, { allow: 'GET, HEAD, OPTIONS' }))
  addLiveRoutes(app, options.access)
  addHlsRoutes(app, options.access)
  addFileRoute(app, options.access)
  app.all('*', context =>
    bare(context, isReading(context) ? 404 : 405, { 'x-error-code': isReading(context) ? 'NOT_FOUND' : 'INVALID_PARAMETER' }),
  )
  return app
}

/** Does the fast door take this path? */
export function isGatewayPath(pathname: string): boolean {
  return pathname.startsWith('/stream/')
}

function addLiveRoutes(app: Hono<GatewayEnv>, access: StreamAccess): void {
  const playlist = async (context: GatewayContext, token: string, part: 'index' | 'media') => {
    const stream = await access.live(token, context.req.header(HOP_HEADER))
    // A question about the address must not cost a connection of the provider.
    if (context.req.method === 'HEAD') return sendText(context, '')
    const answer = await stream[part](departureOf(context))
    return 'location' in answer ? bare(context, 307, { location: answer.location }) : sendText(context, answer.text)
  }
  app.get('/stream/live/:token/index.m3u8', context => playlist(context, context.req.param('token'), 'index'))
  app.get('/stream/live/:token/live.m3u8', context => playlist(context, context.req.param('token'), 'media'))
  app.get('/stream/live/:token/live.ts', async context => {
    const stream = await access.live(context.req.param('token'), context.req.header(HOP_HEADER))
    return sendRaw(context, output => stream.raw(output))
  })
  app.get('/stream/live/:token/:segment{[0-9]{1,10}\\.ts}', async context => {
    const stream = await access.live(context.req.param('token'))
    const sequence = Number.parseInt(context.req.param('segment'), 10)
    return sendSegment(context, await stream.segment(sequence, departureOf(context)))
  })
}

function addHlsRoutes(app: Hono<GatewayEnv>, access: StreamAccess): void {
  app.get('/stream/hls/:token/index.m3u8', async context => {
    const stream = await access.hls(context.req.param('token'), context.req.header(HOP_HEADER))
    if (context.req.method === 'HEAD') return sendText(context, '')
    return sendText(context, await stream.playlist(departureOf(context)))
  })
  app.get('/stream/hls/:token/:handle', async context => {
    const stream = await access.hls(context.req.param('token'))
    const answer = await stream.resource(context.req.param('handle'), requestOf(context))
    return 'text' in answer ? sendText(context, answer.text) : sendFile(context, answer)
  })
}

function addFileRoute(app: Hono<GatewayEnv>, access: StreamAccess): void {
  app.get('/stream/file/:token/:name', async context => {
    const stream = await access.file(context.req.param('token'), context.req.header(HOP_HEADER))
    return sendFile(context, await stream.open(requestOf(context)))
  })
}

function requestOf(context: GatewayContext) {
  const method = context.req.method === 'HEAD' ? ('HEAD' as const) : ('GET' as const)
  return { method, range: context.req.header('range'), signal: departureOf(context) }
}

/** Aborts when the client goes away, with an AbortError: the server's own reason is a bare string, which reads as a fault. */
function departureOf(context: GatewayContext): AbortSignal {
  const { signal } = context.req.raw
  const departure = new AbortController()
  const leave = () => departure.abort(new DOMException('The client went away.', 'AbortError'))
  if (signal.aborted) leave()
  else signal.addEventListener('abort', leave, { once: true })
  return departure.signal
}

/** Only our own pages and players outside browsers: another site may not play on a viewer's connection. */
function requireOwnPage(context: GatewayContext): void {
  const site = context.req.header('sec-fetch-site')
  if (site === 'cross-site' || site === 'same-site') throw new AppError('BAD_ORIGIN')
}

function answerError(context: GatewayContext, cause: Error, options: GatewayOptions): Response {
  // Nobody is left to read an answer, and leaving is nothing to report.
  if (isAbort(cause) && context.req.raw.signal.aborted) return bare(context, CLIENT_CLOSED, {})
  const error = toAppError(cause)
  if (error.code === 'UNEXPECTED') options.onError?.(error)
  // A bad address inside a provider's playlist is the provider's fault, not the viewer's.
  const isUpstream = error.code.startsWith('UPSTREAM_') && error.code !== 'UPSTREAM_IS_SELF'
  const status = isUpstream && error.status < 500 ? 502 : error.status
  const retryAfter: Record<string, string> =
    error.retryAfter === undefined ? {} : { 'retry-after': String(Math.ceil(error.retryAfter)) }
  return bare(context, status, { 'x-error-code': error.code, ...retryAfter })
}

function bare(_context: GatewayContext, status: number, headers: Record<string, string>): Response {
  return new Response(null, { status, headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers } })
}

function isReading(context: GatewayContext): boolean {
  return context.req.method === 'GET' || context.req.method === 'HEAD'
}
