import 'server-only'
import { isLineEnded, type LineRecord } from '@/lib/accounts'
import { findGuideChannels, type GuideChannel } from '@/lib/catalogue'
import { listAllProgrammes, listProgrammes } from '@/lib/epg'
import { AppError } from '@/lib/kernel/errors'
import { fetchNow, type ShortProgramme } from '@/lib/providers'
import { type GatewayContext, requireLine } from './caller'
import { lineUpOf } from './line-ups'
import { type Parameters, readLimit, requireId } from './parameters'
import { type ListedProgramme, renderListing, renderPanelListing } from './render-guide'
import { sendJson } from './send-answer'

const actions = ['get_short_epg', 'get_simple_data_table', 'get_simple_date_table', 'get_epg', 'get_epg_batch'] as const
export type GuideAction = (typeof actions)[number]

export const isGuideAction = (action: string): action is GuideAction => actions.some(name => name === action)

const STANDARD_LIMIT = 4
const MAX_LIMIT = 100
/** Channels of one question; panels fail on bursts, we need not be asked in one. */
const MAX_CHANNELS = 100
/** Queries of one question at a time. */
const PARALLEL = 4

interface Asked {
  line: LineRecord
  parameters: Parameters
  action: GuideAction
}

/** What is on and follows, or everything of a channel. Several ids at once answer by id (protocols.md 2.7). */
export async function answerGuide(context: GatewayContext, { line, parameters, action }: Asked): Promise<Response> {
  const text = parameters.get('stream_ids') ?? parameters.get('stream_id') ?? ''
  if (text === '' || isLineEnded(line)) return sendJson(context, action === 'get_epg' ? [] : { epg_listings: [] })
  await requireLine(context, line.username, parameters.get('password'))
  const ids = readIds(text)
  const channels = await findGuideChannels(await lineUpOf(line), ids)
  const now = new Date()
  const full = action === 'get_simple_data_table' || action === 'get_simple_date_table'
  const found = await programmesOf(channels, full ? null : windowOf(action, parameters, { now, isMany: ids.length > 1 }))
  const listings = channels.map(channel => (found.get(channel.id) ?? []).map(row => ({ row, channel })))
  if (action === 'get_epg') {
    return sendJson(
      context,
      listings.flat().map(({ row, channel }) => renderPanelListing(row, channel)),
    )
  }
  const rendered = listings.map(rows => rows.map(({ row, channel }) => renderListing(row, channel, { now, full })))
  const isMany = text.includes(',') || parameters.has('multi') || action === 'get_epg_batch'
  if (!isMany) return sendJson(context, { epg_listings: rendered[0] ?? [] })
  const byId = channels.map(({ id }, index) => [String(id), rendered[index] ?? []] as const)
  return sendJson(context, { epg_listings: Object.fromEntries(byId) })
}

/** @throws NOT_FOUND for what is no id, INVALID_PARAMETER for too many */
function readIds(text: string): number[] {
  const parts = text.split(',')
  if (parts.length > MAX_CHANNELS) throw new AppError('INVALID_PARAMETER', { field: 'stream_id' })
  return parts.map(part => requireId(part.trim()))
}

/** What is on and follows, or everything. */
type Window = { from: Date; limit: number } | null

/** `get_epg` tells of one channel what is stored, unless it is asked for what is to come (protocols.md 6.1). @throws INVALID_PARAMETER */
function windowOf(action: GuideAction, parameters: Parameters, { now, isMany }: { now: Date; isMany: boolean }): Window {
  const text = parameters.get('limit')
  if (action !== 'get_epg') return { from: now, limit: readLimit(text, STANDARD_LIMIT, MAX_LIMIT) }
  const limit = readLimit(text, MAX_LIMIT, MAX_LIMIT)
  if (isMany || parameters.get('from_now') === '1') return { from: now, limit }
  return text === undefined ? null : { from: new Date(0), limit }
}

/** From the guide, and where that knows nothing from the provider's short one: a few questions at a time for each. */
async function programmesOf(channels: readonly GuideChannel[], window: Window): Promise<Map<number, ListedProgramme[]>> {
  const found = new Map<number, ListedProgramme[]>()
  for (let at = 0; at < channels.length; at += PARALLEL) {
    await Promise.all(
      channels.slice(at, at + PARALLEL).map(async channel => found.set(channel.id, await listKnown(channel, window))),
    )
  }
  const unknown = channels.filter(({ id, isAsked }) => isAsked && (found.get(id) ?? []).length === 0)
  for (const [providerId, own] of Map.groupBy(unknown, ({ providerId: id }) => id)) {
    const ids = own.map(({ providerItemId }) => providerItemId)
    const short = await fetchNow(providerId, ids).catch(() => new Map<string, ShortProgramme[] | null>())
    for (const { id, providerItemId } of own) found.set(id, toListed(short.get(providerItemId) ?? [], window))
  }
  return found
}

async function listKnown({ id, guideId, providerId, ownChannelId }: GuideChannel, window: Window): Promise<ListedProgramme[]> {
  const ref = { itemId: id, providerId, guideId: guideId ?? '', ownChannelId }
  return window === null ? listAllProgrammes(ref) : listProgrammes(ref, window)
}

function toListed(short: readonly ShortProgramme[], window: Window): ListedProgramme[] {
  const from = window?.from ?? new Date(0)
  return short
    .filter(({ end }) => end > from)
    .map(({ title, start, end }) => ({ title, description: null, start, stop: end }))
    .slice(0, window?.limit)
}
