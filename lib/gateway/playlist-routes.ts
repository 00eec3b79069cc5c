import 'server-only'
import type { Hono } from 'hono'
import { AppError } from '@/lib/kernel/errors'
import { requireFormat } from '@/lib/playback'
import type { ApiOptions } from './api-routes'
import type { GatewayEnv } from './app'
import { type GatewayContext, originFor, requireLine } from './caller'
import { offerPlaylist, type PlaylistWish } from './lists'
import type { Origin } from './origin'
import { type Parameters, readParameters } from './parameters'
import { CREDENTIALS_MARK, renderHeader } from './render-m3u'
import { openToAll } from './send-answer'
import { sendCompleted } from './send-completed'

const liveEndings: Readonly<Record<string, 'ts' | 'm3u8'>> = { ts: 'ts', mpegts: 'ts', m3u8: 'm3u8', hls: 'm3u8' }
const kindNames: Readonly<Record<string, PlaylistWish['kinds'][number] | null>> = {
  live: 'channel',
  created_live: 'channel',
  radio_streams: null,
  movie: 'movie',
  series: 'episode',
}

/** get.php: what people paste into players. */
export function addPlaylistRoutes(app: Hono<GatewayEnv>, options: ApiOptions): void {
  app.on(['GET', 'POST'], '/get.php', context => answerPlaylist(context, options))
}

async function answerPlaylist(context: GatewayContext, options: ApiOptions): Promise<Response> {
  const parameters = await readParameters(context.req.raw)
  const username = parameters.get('username') ?? ''
  const password = parameters.get('password') ?? ''
  const line = await requireLine(context, username, password)
  const wish = readWish(parameters, line.formats)
  requireFormat(line, wish.live)
  const origin = originFor(context, options.origins)
  const headers = {
    'content-type': 'audio/x-mpegurl; charset=utf-8',
    'content-disposition': `attachment; filename="tv_channels_${username.replace(/[^\w.-]/g, '_')}${wish.plus ? '_plus' : ''}.m3u"`,
    'cache-control': 'private, no-cache',
    'x-content-type-options': 'nosniff',
    ...openToAll,
  }
  const credentials = `${encodeURIComponent(username)}/${encodeURIComponent(password)}`
  const header = renderHeader(guideAddress(origin, username, password), wish.plus)
  return sendCompleted(context, {
    offer: await offerPlaylist({ line, origin }, wish),
    own: `${header}${credentials}`,
    complete: { before: header, piece: part => withCredentials(part, credentials) },
    headers,
  })
}

export const guideAddress = (origin: Origin, username: string, password: string): string =>
  `${origin.href}/xmltv.php?username=${encodeURIComponent(username)}&password=${encodeURIComponent(password)}`

/** @throws INVALID_PARAMETER for a form of playlist that no player of today reads */
function readWish(parameters: Parameters, formats: readonly ('ts' | 'm3u8')[]): PlaylistWish {
  const type = parameters.get('type') ?? 'm3u_plus'
  if (type !== 'm3u' && type !== 'm3u_plus') {
    throw new AppError('INVALID_PARAMETER', { field: 'type', say: 'Playlists come as type=m3u or type=m3u_plus.' })
  }
  const output = parameters.get('output')?.toLowerCase()
  const live = output === undefined || output === '' ? (formats.includes('ts') ? 'ts' : 'm3u8') : liveEndings[output]
  if (live === undefined) {
    throw new AppError('INVALID_PARAMETER', { field: 'output', say: 'Streams come as output=ts or output=m3u8.' })
  }
  return { plus: type === 'm3u_plus', live, kinds: readKinds(parameters.get('key')) }
}

function readKinds(text: string | undefined): PlaylistWish['kinds'] {
  const all = ['channel', 'movie', 'episode'] as const
  if (text === undefined || text === '') return all
  const asked = text.split(',').map(name => kindNames[name.trim()])
  return all.filter(kind => asked.includes(kind))
}

/** Latin-1 keeps every byte as it is, and the mark is one byte: no piece can cut it in two. */
const withCredentials = (part: Buffer, credentials: string): Buffer =>
  Buffer.from(part.toString('latin1').replaceAll(CREDENTIALS_MARK, credentials), 'latin1')
