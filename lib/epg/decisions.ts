import 'server-only'
import { canChange, requireAdmin } from '@/lib/accounts'
import type { Viewer } from '@/lib/accounts/schema'
import { AppError } from '@/lib/kernel/errors'
import { publish } from '@/lib/platform/bus'
import {
  type ChannelRow,
  countMatches,
  findChannelOwner,
  listChannelRows,
  listMatchRows,
  type MatchRow,
  PAGE,
  searchChannelRows,
  writeDecision,
} from './decision-store'
import { matchGuides } from './match-guides'
import { moveVersions, type Owner } from './match-store'
import type { GuideChannelChoice, MatchDecision, MatchesView, MatchQuery, MatchView } from './schema'

/** Whose channels are meant. @throws FORBIDDEN for the platform's by a viewer who is no admin */
export function ownerOf(viewer: Viewer, isPlatform: boolean): Owner {
  if (!isPlatform) return viewer.accountId
  requireAdmin(viewer)
  return null
}

/** Channels with what the rules or a person made of them. @throws FORBIDDEN */
export async function listMatches(viewer: Viewer, query: MatchQuery): Promise<MatchesView> {
  const owner = ownerOf(viewer, query.platform === '1')
  const [rows, counts] = await Promise.all([listMatchRows(owner, query), countMatches(owner)])
  const page = rows.slice(0, PAGE)
  const ids = page.flatMap(({ channelId, candidates }) => [channelId ?? [], candidates.map(each => each.channelId)].flat())
  const channels = await listChannelRows(owner, ids)
  return {
    matches: page.map(row => toView(row, channels)),
    next: rows.length > PAGE ? (page.at(-1)?.itemId ?? null) : null,
    counts,
  }
}

function toView(row: MatchRow, channels: ReadonlyMap<number, ChannelRow>): MatchView {
  const choiceOf = (id: number | null, score: number): GuideChannelChoice | null => {
    const found = id === null ? undefined : channels.get(id)
    return found ? toChoice(found, score) : null
  }
  return {
    itemId: row.itemId,
    name: row.name,
    how: row.how,
    shiftMinutes: row.shiftMinutes,
    channel: choiceOf(row.channelId, row.score),
    candidates: row.candidates.flatMap(({ channelId, score }) => choiceOf(channelId, score) ?? []),
  }
}

const toChoice = ({ channelId, xmltvId, names, source, now }: ChannelRow, score: number): GuideChannelChoice => ({
  channelId,
  xmltvId,
  name: names[0] ?? xmltvId,
  source,
  now,
  score,
})

async function requireOwnChannel(viewer: Viewer, itemId: number): Promise<Owner> {
  const owner = await findChannelOwner(itemId)
  if (owner === undefined || (owner !== null && owner !== viewer.accountId)) throw new AppError('NOT_FOUND')
  if (!canChange(viewer, owner)) throw new AppError('FORBIDDEN')
  return owner
}

/** Guide channels that a channel may have, by a text. @throws NOT_FOUND, FORBIDDEN */
export async function searchGuideChannels(viewer: Viewer, itemId: number, text: string): Promise<GuideChannelChoice[]> {
  const owner = await requireOwnChannel(viewer, itemId)
  if (text === '') return []
  return (await searchChannelRows(owner, text)).map(row => toChoice(row, 0))
}

/**
 * A person's word on the guide of a channel, which no rule changes again until it is taken back. Announces
 * `catalogue.changed`. @throws NOT_FOUND, FORBIDDEN
 */
export async function decideGuide(viewer: Viewer, itemId: number, decision: MatchDecision): Promise<void> {
  const owner = await requireOwnChannel(viewer, itemId)
  const { how, channelId = null, shiftMinutes = null } = decision
  if ((how === 'manual') !== (channelId !== null)) throw new AppError('INVALID_PARAMETER', { field: 'channelId' })
  const stored = { how: how === 'automatic' ? ('open' as const) : (how ?? null), channelId, shiftMinutes }
  if (!(await writeDecision(owner, itemId, stored))) throw new AppError('NOT_FOUND')
  if (how === 'automatic') await matchGuides([owner])
  const providerIds = await moveVersions([itemId])
  await publish('catalogue.changed', { providerIds })
}
