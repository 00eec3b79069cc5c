import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { findLogin, PASSWORD, refuseLogin, refuseStream } from './accounts.ts'
import { serveArtwork } from './artwork.ts'
import { serveControl } from './control.ts'
import { serveFrontPage } from './front-page.ts'
import { serveGetPhp, serveOddList, servePublicList } from './m3u.ts'
import { servePanelApi, servePlayerApi } from './player-api.ts'
import { sendJson, sendPage, sendText } from './replies.ts'
import { readStreamPath, serveStream, takeToken } from './streams.ts'
import type { Exchange, Login, World } from './world.ts'
import { behaviour } from './world.ts'
import { serveXmltv } from './xmltv.ts'

const BODY_LIMIT = 64 * 1024
const FLAP_MS = 1000

type ApiFile = (x: Exchange, login: Login) => Promise<void>

const apiFiles: Record<string, ApiFile> = {
  'player_api.php': servePlayerApi,
  'panel_api.php': servePanelApi,
  'get.php': serveGetPhp,
  'xmltv.php': serveXmltv,
}

async function readBody(req: IncomingMessage): Promise<string> {
  let text = ''
  for await (const piece of req) {
    text += piece
    if (text.length > BODY_LIMIT) throw new Error('body too large')
  }
  return text
}

/** Form fields of a POST, urlencoded or multipart; the query wins over them, as on panels. */
function mergeForm(query: URLSearchParams, body: string, type: string): void {
  const boundary = /boundary="?([^";]+)/.exec(type)?.[1]
  const fields: [string, string][] = boundary
    ? [...body.matchAll(/name="([^"]+)"\r\n\r\n([\s\S]*?)\r\n--/g)].map(m => [m[1] ?? '', m[2] ?? ''])
    : [...new URLSearchParams(body)]
  for (const [key, value] of fields) if (!query.has(key)) query.append(key, value)
}

const kindOf = (path: string) => path.split('/')[1]?.replace(/\.(php|m3u|xml)$/, '') || 'front'

/** XUI also spells the files as paths: /player_api/U/P/ACTION, /epg/U/P/gz, /playlist/U/P/TYPE. */
function spelledAsPath(x: Exchange): string | null {
  const [kind = '', username = '', password = '', extra] = x.path
    .split('/')
    .slice(1)
    .map(part => part)
  const file = { player_api: 'player_api.php', epg: 'xmltv.php', playlist: 'get.php' }[kind]
  if (!file || !password) return null
  x.query.set('username', decodeURIComponent(username))
  x.query.set('password', decodeURIComponent(password))
  if (extra) x.query.set(kind === 'epg' ? 'gzip' : kind === 'playlist' ? 'type' : 'action', kind === 'epg' ? '1' : extra)
  return file
}

/** Effects that come before any answer. True when the scenario has dealt with the request. */
async function gate(x: Exchange, username: string): Promise<boolean> {
  const login = x.world.login(username)
  if (!login) return false
  const { api, delayMs, flapping } = behaviour(x.world, login)
  if (login.down || (flapping && Math.floor((Date.now() - x.world.startedAt) / FLAP_MS) % 2 === 1)) {
    x.req.socket.destroy()
    return true
  }
  if (flapping) {
    const rest = FLAP_MS - ((Date.now() - x.world.startedAt) % FLAP_MS)
    const timer = setTimeout(() => x.res.destroy(), rest)
    x.res.once('close', () => clearTimeout(timer))
  }
  if (delayMs) await sleep(delayMs, undefined, { ref: false })
  if (api === 'hang') return true
  if (api === 'html') sendPage(x.res, 200, 'Welcome to nginx!')
  else if (api === 'blocked') x.res.writeHead(403).end()
  else if (api === 'flood') x.res.writeHead(429, { 'retry-after': '7' }).end()
  else return false
  return true
}

async function serveApi(x: Exchange, file: string): Promise<void> {
  const username = x.query.get('username') ?? ''
  if (await gate(x, username)) return
  const login = findLogin(x, username, x.query.get('password') ?? '')
  if (login) await apiFiles[file]?.(x, login)
  else if (file === 'player_api.php' || file === 'panel_api.php') refuseLogin(x, username)
  else refuseStream(x, username)
}

async function serveOpenPages(x: Exchange, body: string): Promise<boolean> {
  const { path, res, world, query } = x
  if (path === '/__stats') sendJson(res, world.stats)
  else if (path === '/__control') serveControl(x, body)
  else if (path.startsWith('/art/')) serveArtwork(x)
  else if (path === '/playlist.m3u') await servePublicList(x)
  else if (path === '/playlist-odd.m3u') serveOddList(x)
  else if (path === '/guide.xml' || path === '/guide.xml.gz') {
    query.set('username', 'public')
    query.set('password', PASSWORD)
    if (path.endsWith('.gz')) query.set('gzip', '1')
    await serveApi(x, 'xmltv.php')
  } else if (path === '/') serveFrontPage(x)
  else return false
  return true
}

async function dispatch(x: Exchange, body: string, viaToken: boolean): Promise<void> {
  if (await serveOpenPages(x, body)) return
  const name = x.path.slice(1)
  const file = Object.hasOwn(apiFiles, name) ? name : spelledAsPath(x)
  if (file) {
    await serveApi(x, file)
    return
  }
  if (/^\/(auth|vauth|tsauth)\//.test(x.path)) {
    const target = takeToken(x)
    if (!target) sendPage(x.res, 404, '404 Not Found')
    else await dispatch({ ...x, ...splitUrl(target) }, '', true)
    return
  }
  const stream = readStreamPath(x.path, x.query)
  if (!stream) sendPage(x.res, 404, '404 Not Found')
  else if (!(await gate(x, stream.username)) && !x.res.destroyed) serveStream(x, stream, viaToken)
}

function splitUrl(url: string): { path: string; query: URLSearchParams } {
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  return { path: path.replace(/\/{2,}/g, '/'), query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)) }
}

function allowOrigin(req: IncomingMessage, res: ServerResponse): void {
  res.setHeader('access-control-allow-origin', req.headers.origin ?? '*')
  if (req.headers.origin) res.setHeader('access-control-allow-credentials', 'true')
}

export async function answerExchange(world: World, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const x: Exchange = { world, req, res, origin: `http://${req.headers.host ?? '127.0.0.1'}`, ...splitUrl(req.url ?? '/') }
  res.on('error', () => res.destroy())
  if (!x.path.startsWith('/__')) {
    const { requests } = world.stats
    requests.total++
    requests.byKind[kindOf(x.path)] = (requests.byKind[kindOf(x.path)] ?? 0) + 1
  }
  allowOrigin(req, res)
  if (req.method === 'OPTIONS') {
    res.writeHead(200, { 'access-control-allow-methods': 'GET, POST, HEAD, OPTIONS', 'access-control-allow-headers': '*' }).end()
    return
  }
  if (!['GET', 'HEAD', 'POST'].includes(req.method ?? '')) {
    sendText(res, 200, '')
    return
  }
  const body = req.method === 'POST' ? await readBody(req) : ''
  if (body && x.path !== '/__control') mergeForm(x.query, body, req.headers['content-type'] ?? '')
  await dispatch(x, body, false)
}
