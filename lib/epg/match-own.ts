import 'server-only'
import { publish } from '@/lib/platform/bus'
import { buildGuideIndex, decideMatch } from './match-channels'
import { listKnownChannels, listUndecided } from './match-store'
import { listOwnGuides, type OwnMatch, writeOwnMatches } from './own-match-store'

const PAGE = 500

/**
 * Applies the rules to the platform's channels and the guides that one account added, for that account only. A guide of
 * everybody that has more to tell, or comes first by its priority, stays.
 */
export async function matchOwn(account: string, signal?: AbortSignal): Promise<void> {
  const guides = await listOwnGuides(account)
  const indexes = []
  for (const id of guides) {
    signal?.throwIfAborted()
    indexes.push(buildGuideIndex(await listKnownChannels(id)))
  }
  const found: OwnMatch[] = []
  for (let after = 0; indexes.length > 0; ) {
    const page = await listUndecided(null, after, PAGE)
    signal?.throwIfAborted()
    for (const channel of page) {
      const { match } = decideMatch(indexes, channel)
      if (match !== null) found.push({ itemId: channel.itemId, channelId: match.channelId })
    }
    if (page.length < PAGE) break
    after = page.at(-1)?.itemId ?? after
  }
  const isChanged = await writeOwnMatches(account, found)
  const [first] = guides
  // The account's open pages ask again; nobody else's guide is another now.
  if (isChanged && first !== undefined) await publish('guide.changed', { sourceId: first, providerId: null })
}
