import 'server-only'
import { createHash } from 'node:crypto'
import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { Hono } from 'hono'
import { type LineUp, listGuideChannels } from '@/lib/catalogue'
import { findGuideVersion, streamGuide, xmltvChannel, xmltvFooter, xmltvHeader, xmltvProgramme } from '@/lib/epg'
import { DAY } from '@/lib/kernel/time'
import type { ApiOptions } from './api-routes'
import type { GatewayEnv } from './app'
import { type GatewayContext, originFor, requireLine } from './caller'
import { lineUpOf } from './line-ups'
import { readLimit, readParameters } from './parameters'
import { pictureLink } from './picture-links'
import { isKnown, openToAll, sendBytes, sendPieces } from './send-answer'

const MAX_DAYS = 30

/** xmltv.php: the guide as a file, made while it goes out. */
export function addGuideRoutes(app: Hono<GatewayEnv>, options: ApiOptions): void {
  app.on(['GET', 'POST'], '/xmltv.php', context => answerGuideFile(context, options))
}

async function answerGuideFile(context: GatewayContext, options: ApiOptions): Promise<Response> {
  const parameters = await readParameters(context.req.raw)
  const line = await requireLine(context, parameters.get('username'), parameters.get('password'))
  const lineUp = await lineUpOf(line)
  const origin = originFor(context, options.origins)
  const window = {
    from: daysFrom(parameters.get('prev_days'), -1),
    to: daysFrom(parameters.get('next_days') ?? parameters.get('days'), 1),
  }
  const asFile = parameters.get('gzip') === '1'
  const version = [
    origin.href,
    lineUp.key,
    lineUp.version,
    await findGuideVersion(lineUp.ids),
    window.from?.getTime(),
    window.to?.getTime(),
    asFile,
  ]
  const etag = `"${createHash('sha1').update(version.join('|')).digest('base64url')}"`
  const headers = {
    'content-type': asFile ? 'application/gzip' : 'application/xml; charset=utf-8',
    'content-disposition': `attachment; filename="epg.xml${asFile ? '.gz' : ''}"`,
    'cache-control': 'private, no-cache',
    'x-content-type-options': 'nosniff',
    etag,
    ...openToAll,
  }
  if (isKnown(context, etag)) return sendBytes(context, null, headers, 304)
  const document = writeGuide(lineUp, origin.href, window)
  return asFile ? sendPieces(context, packed(document), headers, false) : sendPieces(context, document, headers)
}

/** Whole days, so that the same question of one day has the same answer. */
function daysFrom(text: string | undefined, sign: 1 | -1): Date | undefined {
  if (text === undefined || text === '') return undefined
  const days = readLimit(text, 0, MAX_DAYS)
  return new Date((Math.floor(Date.now() / DAY) + (sign > 0 ? 1 : 0) + sign * days) * DAY)
}

/**
 * Channels first, then programmes, as the DTD wants. Names and pictures are our own; pictures of programmes are left out,
 * because their addresses are the provider's.
 */
async function* writeGuide(
  lineUp: LineUp,
  origin: string,
  window: { from: Date | undefined; to: Date | undefined },
): AsyncGenerator<string> {
  yield xmltvHeader('WatchTheFlix')
  const channels = new Map<string, { id: string; names: string[]; icon: string | null }>()
  for (const { guideId, name, id, image } of await listGuideChannels(lineUp)) {
    const known = channels.get(guideId)
    if (known === undefined) channels.set(guideId, { id: guideId, names: [name], icon: pictureLink(id, image, origin) || null })
    else if (!known.names.includes(name)) known.names.push(name)
  }
  yield [...channels.values()].map(xmltvChannel).join('')
  for await (const { programmes } of streamGuide(lineUp.ids, window)) {
    const own = (programmes ?? []).filter(({ channel }) => channels.has(channel))
    yield own
      .map(({ details, ...programme }) =>
        xmltvProgramme({ ...programme, details: details === null ? null : withoutPicture(details) }),
      )
      .join('')
  }
  yield xmltvFooter
}

function withoutPicture<Details extends { icon?: string | undefined }>({
  icon: _icon,
  ...details
}: Details): Omit<Details, 'icon'> {
  return details
}

/** A fault in mid-document comes out at the end of it, where the reader is. */
function packed(document: AsyncIterable<string>): AsyncIterable<Buffer> {
  return pipeline(Readable.from(document), createGzip({ level: 1, memLevel: 9 }), () => {})
}
