import { randomBytes } from 'node:crypto'
import { findLogin, refuseStream } from './accounts.ts'
import { serveCatchUp } from './archive.ts'
import { findEpisode } from './catalogue.ts'
import { holdHlsSession } from './connections.ts'
import { serveFile } from './files.ts'
import { serveLiveHls, serveLivePlaylist, serveSegment } from './hls.ts'
import { serveLive } from './live.ts'
import { serveFragment, serveWalk } from './odd-archives.ts'
import { oddPlaylist, serveOddStream } from './odd-media.ts'
import { sendPage, sendText } from './replies.ts'
import type { Exchange, Login } from './world.ts'
import { behaviour } from './world.ts'

export interface StreamPath {
  kind: 'live' | 'movie' | 'series' | 'timeshift' | 'hls'
  username: string
  password: string
  id: number
  extension: string
  start: string
  minutes: number
  /** For HLS parts: quality and segment number or playlist. For catch-up: whether it was asked for in the query. */
  rest: string[]
}

const TOKEN_MS = 60_000
const KINDS = new Set(['live', 'movie', 'series'])

function splitFile(name: string): { id: number; extension: string } {
  const dot = name.lastIndexOf('.')
  const id = dot < 0 ? name : name.slice(0, dot)
  return { id: /^\d+$/.test(id) ? Number(id) : Number.NaN, extension: dot < 0 ? '' : name.slice(dot + 1).toLowerCase() }
}

const none = { start: '', minutes: 0, rest: [] as string[], extension: '' }

function queryTimeshift(query: URLSearchParams): StreamPath {
  return {
    ...none,
    kind: 'timeshift',
    username: query.get('username') ?? '',
    password: query.get('password') ?? '',
    id: Number(query.get('stream')),
    extension: query.get('extension') ?? 'ts',
    start: query.get('start') ?? '',
    minutes: Number(query.get('duration')),
    rest: ['query'],
  }
}

/** Recognises every spelling of a stream address; null when the path is something else. */
export function readStreamPath(path: string, query: URLSearchParams): StreamPath | null {
  if (path === '/streaming/timeshift.php') return queryTimeshift(query)
  const parts = path.split('/').filter(Boolean).map(safeDecode)
  const [kind = '', username = '', password = '', a = '', b = '', c = ''] = parts
  const who = { username, password }
  if (kind === 'timeshift' && parts.length === 6) return { ...none, kind, ...who, minutes: Number(a), start: b, ...splitFile(c) }
  if (kind === 'timeshifts' && parts.length === 6) {
    return {
      ...none,
      kind: 'timeshift',
      ...who,
      minutes: Number(a),
      ...splitFile(b),
      start: c.replace(/\.(ts|m3u8)$/i, ''),
      extension: splitFile(c).extension,
    }
  }
  if (kind === 'hls' && parts.length >= 5) return { ...none, kind, ...who, id: Number(a), rest: parts.slice(4) }
  if (parts.length === 4 && KINDS.has(kind)) return { ...none, kind: kind as StreamPath['kind'], ...who, ...splitFile(a) }
  if (kind === 'public' && parts.length === 2)
    return { ...none, kind: 'live', username: 'public', password: 'pass', ...splitFile(username) }
  if (parts.length === 3 && /^\d+(\.[a-z0-9]+)?$/i.test(password)) {
    return { ...none, kind: 'live', username: kind, password: username, ...splitFile(password) }
  }
  return null
}

function safeDecode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The 302 of panels with load balancers; the token is good once and for a minute. */
function redirect(x: Exchange, stream: StreamPath): void {
  const { tokens } = x.world
  for (const [token, { expires }] of tokens) if (expires < Date.now()) tokens.delete(token)
  const token = randomBytes(24).toString('hex')
  tokens.set(token, { path: x.req.url ?? '', expires: Date.now() + TOKEN_MS })
  const door = stream.kind === 'live' ? 'auth' : stream.kind === 'timeshift' ? 'tsauth' : 'vauth'
  x.res.writeHead(302, { location: `${x.origin}/${door}/${token}`, 'cache-control': 'no-store' }).end()
}

/** The address behind a one-use token, or null when it was used, has expired or never was. */
export function takeToken(x: Exchange): string | null {
  const token = /^\/(?:auth|vauth|tsauth)\/([0-9a-f]+)$/.exec(x.path)?.[1] ?? ''
  const found = x.world.tokens.get(token)
  x.world.tokens.delete(token)
  return found && found.expires > Date.now() ? found.path : null
}

function serveLiveChannel(x: Exchange, login: Login, stream: StreamPath): void {
  const channel = login.catalogue.findChannel(stream.id)
  if (!channel) {
    sendText(x.res, 404, '')
    return
  }
  const { oddMedia } = behaviour(x.world, login)
  const trap = stream.extension === 'm3u8' ? oddPlaylist(x, oddMedia) : null
  if (trap !== null) {
    sendText(x.res, 200, trap, 'application/x-mpegurl')
    return
  }
  if (oddMedia !== 'none' && !oddMedia.startsWith('playlist-') && stream.extension !== 'm3u8') {
    serveOddStream(x, login, x.world.loop(channel.theme), oddMedia)
    return
  }
  const utc = x.query.get('utc')
  if (utc && channel.archiveDays > 0)
    serveCatchUp(x, login, channel, { text: utc, minutes: 120, extension: stream.extension, isQuery: true })
  else if (stream.extension === 'm3u8') serveLiveHls(x, login, channel.id, channel.theme)
  else serveLive(x, login, x.world.loop(channel.theme))
}

function serveHlsPart(x: Exchange, login: Login, stream: StreamPath): void {
  const channel = login.catalogue.findChannel(stream.id)
  const [first = '', file = ''] = stream.rest
  const quality = first.startsWith('low') ? 'low' : 'high'
  const loop = channel && (quality === 'low' ? x.world.lowLoop(channel.theme) : x.world.loop(channel.theme))
  if (!channel || !loop) sendText(x.res, 404, '')
  else if (serveWalk(x, login, channel.id, { loop, rest: stream.rest })) return
  else if (serveFragment(x, login, channel.id, { loop, rest: stream.rest })) return
  else if (first.endsWith('.m3u8')) serveLivePlaylist(x, login, channel.id, quality)
  else if (!/^\d{1,9}\.ts$/.test(file)) sendText(x.res, 404, '')
  else if (holdHlsSession(x, login, channel.id)) serveSegment(x, loop, Number.parseInt(file, 10))
}

function serveVod(x: Exchange, login: Login, stream: StreamPath): void {
  const file =
    stream.kind === 'movie' ? login.catalogue.findMovie(stream.id)?.file : findEpisode(login.catalogue, stream.id)?.file
  if (file) serveFile(x, login, file)
  else sendText(x.res, 404, '')
}

export function serveStream(x: Exchange, stream: StreamPath, viaToken: boolean): void {
  const login = findLogin(x, stream.username, stream.password)
  if (!login) {
    refuseStream(x, stream.username)
    return
  }
  const scenario = behaviour(x.world, login)
  if (scenario.status !== 'Active') {
    if (scenario.panel === 'xui') sendPage(x.res, 404, '404 Not Found')
    else sendText(x.res, 403, '')
    return
  }
  if (scenario.redirect && !viaToken && stream.kind !== 'hls') redirect(x, stream)
  else if (stream.kind === 'live') serveLiveChannel(x, login, stream)
  else if (stream.kind === 'hls') serveHlsPart(x, login, stream)
  else if (stream.kind === 'timeshift') {
    const channel = login.catalogue.findChannel(stream.id)
    const { start: text, minutes, extension, rest } = stream
    if (channel) serveCatchUp(x, login, channel, { text, minutes, extension, isQuery: rest.includes('query') })
    else sendText(x.res, 404, '')
  } else serveVod(x, login, stream)
}
