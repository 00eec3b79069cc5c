import 'server-only'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Hono } from 'hono'
import type { LineRecord } from '@/lib/accounts'
import { type LineUp, listGuideChannels } from '@/lib/catalogue'
import {
  findGuideVersion,
  type GuideWindow,
  streamGuide,
  type WrittenProgramme,
  xmltvChannel,
  xmltvFooter,
  xmltvHeader,
  xmltvProgramme,
} from '@/lib/epg'
import { DAY } from '@/lib/kernel/time'
import { createRenewal } from '@/lib/kernel/turns'
import { env } from '@/lib/platform/env'
import { shared } from '@/lib/platform/shared'
import { type CacheFacts, formatted } from './answer-cache'
import type { ApiOptions } from './api-routes'
import type { GatewayEnv } from './app'
import { type GatewayContext, originFor, requireLine } from './caller'
import { type DescribeDocument, DocumentFiles } from './document-files'
import { answerKey, lineUpOf, newestLineUp, noteAsked } from './line-ups'
import { readLimit, readParameters } from './parameters'
import { pictureLink } from './picture-links'
import { isKnown, openToAll, sendBytes, sendPieces, takesGzip } from './send-answer'

const MAX_DAYS = 30

/** xmltv.php: the guide as a file, sent while it is written, and kept for whoever comes next. */
export function addGuideRoutes(app: Hono<GatewayEnv>, options: ApiOptions): void {
  app.on(['GET', 'POST'], '/xmltv.php', context => answerGuideFile(context, options))
}

async function answerGuideFile(context: GatewayContext, options: ApiOptions): Promise<Response> {
  const parameters = await readParameters(context.req.raw)
  const line = await requireLine(context, parameters.get('username'), parameters.get('password'))
  const lineUp = await lineUpOf(line)
  const origin = originFor(context, options.origins)
  const back = readDays(parameters.get('prev_days'))
  const ahead = readDays(parameters.get('next_days') ?? parameters.get('days'))
  const window = () => ({ from: daysFrom(back, -1), to: daysFrom(ahead, 1) })
  const asFile = parameters.get('gzip') === '1'
  const wanted = { origin: origin.href, days: `${back ?? ''}:${ahead ?? ''}`, window }
  noteAsked(line, lineUp.key, { origin: wanted.origin, name: guideName(wanted.days) })
  const { key, ...recipe } = await describeGuide(lineUp, wanted)
  const etag = `"${createHash('sha1').update(`${recipe.version}|${asFile}`).digest('base64url')}"`
  const headers = {
    'content-type': asFile ? 'application/gzip' : 'application/xml; charset=utf-8',
    'content-disposition': `attachment; filename="epg.xml${asFile ? '.gz' : ''}"`,
    'cache-control': 'private, no-cache',
    'x-content-type-options': 'nosniff',
    etag,
    ...openToAll,
  }
  const newest: DescribeDocument = async (asker = line) => describeGuide((await newestLineUp(asker)).lineUp, wanted)
  if (isKnown(context, etag)) {
    documents().expect(key, recipe, newest)
    return sendBytes(context, null, headers, 304)
  }
  if (context.req.method === 'HEAD') return sendBytes(context, null, headers)
  const packed = await documents().read(key, recipe, newest)
  if (asFile) return sendPieces(context, packed, headers, false)
  if (takesGzip(context)) return sendPieces(context, packed, { ...headers, 'content-encoding': 'gzip' }, false)
  return sendPieces(context, unpacked(packed), headers, false)
}

const documents = () =>
  shared('gateway-documents', () => new DocumentFiles(join(env().DATA_DIR, 'guides'), env().GUIDE_FILES_MB * 2 ** 20))

/** The guide files that are kept. */
export const guideFacts = (): Promise<CacheFacts> => documents().facts()

/** Guides that are out of date are written anew before the apps come for them. */
export const renewGuides = (): Promise<void> => shared('gateway-guide-renewal', () => createRenewal(() => documents().renew()))()

/** What is kept of a set that a line has left is written for what it sees now, before its apps ask. */
export const followGuides = (isOf: (key: string) => boolean, line: LineRecord): Promise<void> => documents().follow(isOf, line)

interface WantedGuide {
  origin: string
  /** So many back and so many ahead, as they were asked for. */
  days: string
  /** As of today: what is asked for is so many days from now. */
  window: () => GuideWindow
}

async function describeGuide(lineUp: LineUp, { origin, days, window }: WantedGuide): ReturnType<DescribeDocument> {
  const { from, to } = window()
  const parts = [
    origin,
    lineUp.key,
    lineUp.version,
    await findGuideVersion(lineUp.ids, lineUp.guidesOf),
    from?.getTime(),
    to?.getTime(),
  ]
  const write = () => writeGuide(lineUp, origin, { from, to })
  return { key: answerKey(origin, lineUp.key, guideName(days)), version: formatted(parts.join('|')), write }
}

const guideName = (days: string): string => `guide:${days}`

/** A fault in mid-document comes out at the end of it, where the reader is. Nothing is unpacked before somebody reads. */
async function* unpacked(document: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* pipeline(Readable.from(document), createGunzip(), () => {})
}

const readDays = (text: string | undefined): number | null =>
  text === undefined || text === '' ? null : readLimit(text, 0, MAX_DAYS)

/** Whole days, so that the same question of one day has the same answer. */
function daysFrom(days: number | null, sign: 1 | -1): Date | undefined {
  if (days === null) return undefined
  return new Date((Math.floor(Date.now() / DAY) + (sign > 0 ? 1 : 0) + sign * days) * DAY)
}

/**
 * Channels first, then programmes, as the DTD wants. Names and pictures are our own; pictures of programmes are left out,
 * because their addresses are the provider's.
 */
async function* writeGuide(lineUp: LineUp, origin: string, window: GuideWindow): AsyncGenerator<string> {
  yield xmltvHeader('WatchTheFlix')
  const channels = new Map<string, { id: string; names: string[]; icon: string | null }>()
  for (const { guideId, name, id, image } of await listGuideChannels(lineUp)) {
    const known = channels.get(guideId)
    if (known === undefined) channels.set(guideId, { id: guideId, names: [name], icon: pictureLink(id, image, origin) || null })
    else if (!known.names.includes(name)) known.names.push(name)
  }
  yield [...channels.values()].map(xmltvChannel).join('')
  for await (const { programmes } of streamGuide(lineUp.ids, { ...window, account: lineUp.guidesOf })) {
    const own = (programmes ?? []).filter(({ channel }) => channels.has(channel))
    yield own.map(writeProgramme).join('')
  }
  yield xmltvFooter
}

function writeProgramme(programme: WrittenProgramme): string {
  if (!programme.details?.icon) return xmltvProgramme(programme)
  const { icon: _icon, ...details } = programme.details
  return xmltvProgramme({ ...programme, details })
}
