import { randomUUID } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { isReservedName } from '@/lib/accounts/schema'
import { AppError, isAbort, toAppError } from '@/lib/kernel/errors'
import type { StreamAccess } from '@/lib/playback'
import type { GatewayContext } from './caller'
import { clientDataHeaders } from './client-data'
import { openToAll, sendJson } from './send-answer'
import { addStreamRoutes } from './stream-routes'

export interface GatewayOptions {
  /** Streams of our own pages. */
  access: StreamAccess
  /** True for an X-Iptv-Hop header that has already passed this server. */
  isLoopedHop(header: string | undefined): boolean
  /** Adds the addresses of other apps: the Xtream surface. */
  addXtream?(app: Hono<GatewayEnv>): void
  /** Called with every failure that is not ordinary. */
  onError?(error: AppError): void
}

export type GatewayEnv = { Bindings: Partial<HttpBindings> }

/** What access logs of proxies show for a client that left before its answer. */
const CLIENT_CLOSED = 499

/** Everything that apps and players ask for by itself: the Xtream surface and stream bytes. No cookie counts here. */
export function createGateway(options: GatewayOptions): Hono<GatewayEnv> {
  const app = new Hono<GatewayEnv>()
  app.onError((error, context) => answerError(context, error, options))
  app.notFound(context => bare(context, 404, { 'x-error-code': 'NOT_FOUND' }))
  app.use('*', async (context, next) => {
    if (options.isLoopedHop(context.req.header('x-iptv-hop'))) throw new AppError('UPSTREAM_IS_SELF')
    await next()
  })
  app.use('/stream/*', async (context, next) => {
    requireOwnPage(context)
    // An address never comes from the client: there is nothing to ask for beyond the path.
    if (context.req.query('url') !== undefined) throw new AppError('INVALID_PARAMETER')
    await next()
  })
  app.options('*', context => answerOptions(context))
  addStreamRoutes(app, '/stream', options.access)
  options.addXtream?.(app)
  app.all('*', context =>
    bare(context, isReading(context) ? 404 : 405, { 'x-error-code': isReading(context) ? 'NOT_FOUND' : 'INVALID_PARAMETER' }),
  )
  return app
}

const apiFiles = new Set(['/player_api.php', '/panel_api.php', '/get.php', '/xmltv.php'])
const folders = /^\/(?:stream|live|movie|series|timeshifts?|hls|images|streaming)\//
const bareForm = /^\/([^/]+)\/[^/]+\/\d{1,10}(?:\.[a-zA-Z0-9]{1,6})?$/

/** Does the fast door take this path? The bare form comes last and gives way to our own pages. */
export function isGatewayPath(pathname: string): boolean {
  if (apiFiles.has(pathname) || folders.test(pathname)) return true
  const [, first] = bareForm.exec(pathname) ?? []
  return first !== undefined && !isReservedName(first)
}

/** Only our own pages and players outside browsers: another site may not play on a viewer's connection. */
function requireOwnPage(context: GatewayContext): void {
  const site = context.req.header('sec-fetch-site')
  if (site === 'cross-site' || site === 'same-site') throw new AppError('BAD_ORIGIN')
}

function answerOptions(context: GatewayContext): Response {
  const allow = { allow: 'GET, HEAD, POST, OPTIONS' }
  if (context.req.path.startsWith('/stream/')) return bare(context, 204, allow)
  return bare(context, 204, {
    ...allow,
    ...openToAll,
    'access-control-allow-methods': allow.allow,
    'access-control-allow-headers': ['range', 'content-type', ...clientDataHeaders].join(', '),
    'access-control-max-age': '86400',
  })
}

function answerError(context: GatewayContext, cause: Error, options: GatewayOptions): Response {
  // Nobody is left to read an answer, and leaving is nothing to report.
  if (isAbort(cause) && context.req.raw.signal.aborted) return bare(context, CLIENT_CLOSED, {})
  const error = toAppError(cause)
  if (error.code === 'UNEXPECTED') options.onError?.(error)
  // A bad address inside a provider's playlist is the provider's fault, not the viewer's.
  const isUpstream = error.code.startsWith('UPSTREAM_') && error.code !== 'UPSTREAM_IS_SELF'
  const status = isUpstream && error.status < 500 ? 502 : error.status
  const headers: Record<string, string> = { 'x-error-code': error.code }
  if (error.retryAfter !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfter))
  const { path } = context.req
  if (path.endsWith('_api.php')) {
    const { code, say, field } = error
    return sendJson(
      context,
      { error: { code, message: say, requestId: randomUUID(), ...(field ? { field } : {}) } },
      status,
      headers,
    )
  }
  const isFile = apiFiles.has(path)
  if (isFile) headers['content-type'] = 'text/plain; charset=utf-8'
  return bare(context, status, headers, isFile ? `${error.say}\n` : null)
}

function bare(context: GatewayContext, status: number, headers: Record<string, string>, body: string | null = null): Response {
  const sharing = context.req.path.startsWith('/stream/') ? {} : openToAll
  return new Response(body, {
    status,
    headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...sharing, ...headers },
  })
}

function isReading(context: GatewayContext): boolean {
  return context.req.method === 'GET' || context.req.method === 'HEAD'
}
