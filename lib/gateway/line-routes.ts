import 'server-only'
import type { Hono } from 'hono'
import { AppError } from '@/lib/kernel/errors'
import {
  type Elsewhere,
  type LineRequest,
  openLineCatchUp,
  openLineChannel,
  openLineFile,
  openLineHls,
  requireFormat,
  requireLineItem,
  type Stretch,
} from '@/lib/playback'
import type { GatewayEnv } from './app'
import { callerOf, type GatewayContext, requireLine } from './caller'
import { departureOf, requestOf } from './departure'
import { readParameters, requireId } from './parameters'
import { renderStretch } from './render-stretch'
import { sendFile, sendRaw, sendText } from './send'
import { openToAll } from './send-answer'
import { answerWithSlate } from './slates'
import { parseDuration, parseStart } from './start-time'

/** Endings under which apps ask for a live channel; other media names mean transport stream too (protocols.md 3.1). */
const tsEndings = new Set(['', 'ts', 'mpegts', 'mpg', 'mpeg', 'mp4', 'mkv', 'avi', 'flv', 'aac', 'mp3'])
const hlsEndings = new Set(['m3u8', 'm3u'])
/** A live address with `utc` is catch-up; players that know only this form name no end. */
const STANDARD_MINUTES = 120

interface Named {
  line: LineRequest['line']
  itemId: number
  /** Lower case, without the dot. */
  ending: string
}

/** Streams under a device line's credentials, in every form that apps use. */
export function addLineRoutes(app: Hono<GatewayEnv>): void {
  const live = (context: GatewayContext) => answerLive(context)
  app.get('/live/:username/:password/:file', live)
  app.get('/movie/:username/:password/:file', context => answerFile(context, 'movie'))
  app.get('/series/:username/:password/:file', context => answerFile(context, 'episode'))
  app.get('/timeshift/:username/:password/:duration/:start/:file', context =>
    answerCatchUp(context, context.req.param('duration'), context.req.param('start')),
  )
  app.get('/timeshifts/:username/:password/:duration/:file/:start', context => {
    const [, start = '', ending] = /^(.*?)(?:\.(ts|m3u8))?$/i.exec(context.req.param('start')) ?? []
    return answerCatchUp(context, context.req.param('duration'), start, ending)
  })
  app.on(['GET', 'POST'], '/streaming/timeshift.php', answerQueryCatchUp)
  // Last of all: three bare segments look like many other addresses.
  app.get('/:username/:password/:file{[0-9]{1,10}(?:\\.[a-zA-Z0-9]{1,6})?}', live)
}

async function nameOf(context: GatewayContext, file = context.req.param('file') ?? ''): Promise<Named> {
  const { username, password } = context.req.param() as Record<string, string | undefined>
  const line = await requireLine(context, username, password)
  const [, id, ending = ''] = /^(\d{1,10})(?:\.([A-Za-z0-9]{1,6}))?$/.exec(file) ?? []
  return { line, itemId: requireId(id), ending: ending.toLowerCase() }
}

const toRequest = (context: GatewayContext, { line, itemId }: Named, kind: LineRequest['kind']): LineRequest => ({
  line,
  itemId,
  kind,
  ...callerOf(context),
})

/** @throws NOT_FOUND for what is no picture */
function isHlsEnding(ending: string): boolean {
  const isHls = hlsEndings.has(ending)
  if (!isHls && !tsEndings.has(ending)) throw new AppError('NOT_FOUND')
  return isHls
}

async function answerLive(context: GatewayContext): Promise<Response> {
  const named = await nameOf(context)
  const request = toRequest(context, named, 'channel')
  const isHls = isHlsEnding(named.ending)
  const { utc } = context.req.query()
  if (utc !== undefined) return answerStretch(context, request, { stretch: readUtc(context), isHls })
  // A question about the address must not cost a connection of the provider.
  if (context.req.method === 'HEAD') return answerHead(context, request, isHls ? 'application/vnd.apple.mpegurl' : 'video/mp2t')
  const answer = isHls ? answerHls(context, request) : answerRaw(context, request)
  return answer.catch(error => answerWithSlate(context, error, isHls))
}

async function answerRaw(context: GatewayContext, request: LineRequest): Promise<Response> {
  const channel = await openLineChannel(request, departureOf(context))
  if ('location' in channel) return moved(channel)
  return sendRaw(context, output => channel.start(output))
}

async function answerHls(context: GatewayContext, request: LineRequest): Promise<Response> {
  const channel = await openLineHls(request)
  if ('location' in channel) return moved(channel)
  const answer = await channel.stream.index(departureOf(context))
  if ('location' in answer) return moved(answer)
  // Addresses in it are relative to a folder that this address is not in.
  return sendText(context, answer.text.replace(/^(?!#)(?=\S)/gm, channel.folder))
}

async function answerFile(context: GatewayContext, kind: 'movie' | 'episode'): Promise<Response> {
  const named = await nameOf(context)
  const request = toRequest(context, named, kind)
  // As for live: a list of films that is checked must not use up the provider's connections, nor end what the line plays.
  // The size, which only the provider knows, is left to the first GET.
  if (context.req.method === 'HEAD') return answerHead(context, request)
  const file = await openLineFile(request)
  return 'location' in file ? moved(file) : sendFile(context, await file.open(requestOf(context)))
}

/** `lastEnding`: of an address in which the channel does not stand last. */
async function answerCatchUp(context: GatewayContext, duration: string, start: string, lastEnding?: string): Promise<Response> {
  const named = await nameOf(context)
  const stretch = { start: parseStart(start), minutes: parseDuration(duration) }
  const ending = lastEnding?.toLowerCase() ?? named.ending
  return answerStretch(context, toRequest(context, named, 'channel'), { stretch, isHls: isHlsEnding(ending) })
}

async function answerQueryCatchUp(context: GatewayContext): Promise<Response> {
  const parameters = await readParameters(context.req.raw)
  const credentials = { username: parameters.get('username') ?? '', password: parameters.get('password') ?? '' }
  const line = await requireLine(context, credentials.username, credentials.password)
  const ending = parameters.get('extension')?.toLowerCase() ?? 'ts'
  const named = { line, itemId: requireId(parameters.get('stream')?.replace(/\.\w+$/, '')), ending }
  const stretch = { start: parseStart(parameters.get('start') ?? ''), minutes: parseDuration(parameters.get('duration') ?? '') }
  return answerStretch(context, toRequest(context, named, 'channel'), { stretch, isHls: isHlsEnding(ending), credentials })
}

/** `?utc=START&lutc=NOW` on a live address (protocols.md 4.5). */
function readUtc(context: GatewayContext): Stretch {
  const { utc = '', utcend, duration } = context.req.query()
  const start = parseStart(utc)
  if (utcend !== undefined) {
    const minutes = Math.ceil((parseStart(utcend).getTime() - start.getTime()) / 60_000)
    return { start, minutes: parseDuration(String(Math.max(0, minutes))) }
  }
  return { start, minutes: duration === undefined ? STANDARD_MINUTES : parseDuration(String(Math.ceil(Number(duration) / 60))) }
}

async function answerStretch(
  context: GatewayContext,
  request: LineRequest,
  { stretch, isHls, credentials }: { stretch: Stretch; isHls: boolean; credentials?: { username: string; password: string } },
): Promise<Response> {
  if (isHls) {
    requireFormat(request.line, 'm3u8')
    await requireLineItem(request)
    const { username = '', password = '' } = credentials ?? (context.req.param() as Record<string, string | undefined>)
    const folder = `/timeshift/${encodeURIComponent(username)}/${encodeURIComponent(password)}`
    return sendText(
      context,
      renderStretch(stretch, start => `${folder}/${start.minutes}/${start.epoch}/${request.itemId}.ts`),
    )
  }
  if (context.req.method === 'HEAD') return answerHead(context, request, 'video/mp2t')
  const file = await openLineCatchUp(request, stretch)
  return 'location' in file ? moved(file) : sendFile(context, await file.open(requestOf(context)))
}

/** Without a type: a film or episode, which has one of its own and takes ranges. */
async function answerHead(_context: GatewayContext, request: LineRequest, type?: string): Promise<Response> {
  const { fileType } = await requireLineItem(request)
  const ranges = type === undefined ? { 'accept-ranges': 'bytes' } : {}
  return new Response(null, {
    headers: { 'content-type': type ?? fileType, 'cache-control': 'no-store', ...ranges, ...openToAll },
  })
}

const moved = ({ location }: Elsewhere): Response =>
  new Response(null, {
    status: 302,
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', ...openToAll },
  })
