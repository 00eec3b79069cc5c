import 'server-only'
import { publish } from '@/lib/platform/bus'
import { log } from '@/lib/platform/log'
import { buildGuideIndex, decideMatch, type GuideIndex } from './match-channels'
import { EventGuide } from './match-events'
import { matchOwn } from './match-own'
import {
  listKnownChannels,
  listOwners,
  listUndecided,
  listUsableSources,
  moveVersions,
  type NewMatch,
  type OwnedChannel,
  type Owner,
  type UsableSource,
  writeMatches,
} from './match-store'
import { listGuideAccounts } from './own-match-store'

/** Channels that are decided and written together. */
const PAGE = 500

/**
 * Applies the rules to every channel of these owners that no person decided about; all owners without any. Announces
 * `catalogue.changed` where the guide of a channel is another now. Running twice changes nothing more.
 */
export async function matchGuides(owners?: readonly Owner[], signal?: AbortSignal): Promise<void> {
  const common = new Map<number, GuideIndex>()
  const asked = owners ?? (await listOwners())
  for (const owner of asked) await matchOwner(owner, common, signal)
  // What changed for the platform's channels changed for everybody who has a guide of their own beside.
  const accounts = await listGuideAccounts()
  const concerned = asked.includes(null) ? accounts : accounts.filter(account => asked.includes(account))
  for (const account of concerned) await matchOwn(account, signal)
}

/** `common` keeps what is read of the platform's guides for the next owner. */
async function matchOwner(owner: Owner, common: Map<number, GuideIndex>, signal?: AbortSignal): Promise<void> {
  const sources = await listUsableSources(owner)
  const indexes = new Map<number, GuideIndex>()
  for (const source of sources) {
    signal?.throwIfAborted()
    const index = common.get(source.id) ?? buildGuideIndex(await listKnownChannels(source.id))
    if (source.ownerId === null && source.providerId === null) common.set(source.id, index)
    indexes.set(source.id, index)
  }
  const events = new EventGuide(owner)
  const moved: number[] = []
  for (let after = 0; ; ) {
    // Between two pages others get their turn: a page is some ten milliseconds of work.
    const page = await listUndecided(owner, after, PAGE)
    signal?.throwIfAborted()
    if (page.length > 0) {
      const decided = page.map(channel => decide(channel, sources, indexes))
      const { matches, changed } = await events.fill(page, decided)
      moved.push(...(await writeMatches(matches)), ...changed)
    }
    if (page.length < PAGE) break
    after = page.at(-1)?.itemId ?? after
  }
  try {
    await events.settle()
  } finally {
    // What is written already is no news to the next try.
    await tellMoved(moved)
  }
}

async function tellMoved(moved: readonly number[]): Promise<void> {
  const providerIds = await moveVersions(moved)
  if (providerIds.length === 0) return
  log().info({ channels: moved.length }, 'channels have another guide')
  await publish('catalogue.changed', { providerIds })
}

function decide(channel: OwnedChannel, sources: readonly UsableSource[], indexes: ReadonlyMap<number, GuideIndex>): NewMatch {
  const usable = sources.filter(({ providerId }) => providerId === null || channel.providerIds.includes(providerId))
  const guides = usable.flatMap(({ id }) => indexes.get(id) ?? [])
  const { match, candidates } = decideMatch(guides, channel)
  const told = candidates.map(({ channelId, score }) => ({ channelId, score }))
  if (match === null) return { itemId: channel.itemId, channelId: null, how: 'open', score: 0, candidates: told }
  return { itemId: channel.itemId, channelId: match.channelId, how: match.how, score: match.score, candidates: [] }
}
