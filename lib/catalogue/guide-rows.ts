import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { loadCards } from './card-store'
import { findGuideChannels, type GuideChannel } from './guide-channel-store'
import { getLineUp, onlyProvider } from './line-up'
import { listIds } from './list-store'
import type { ItemCard, ItemQuery } from './schema'

/** Most channels that one answer lists. */
const MAX_CHANNELS = 20_000

export interface ChannelIdsQuery extends Pick<ItemQuery, 'category' | 'provider' | 'text'> {
  /** Only these, or these before the others. */
  favourites?: 'only' | 'first' | undefined
  limit?: number
}

/** Ids of all channels of a filter in the providers' order, so that a list of any length can be entered anywhere. */
export async function listChannelIds(viewer: Viewer, query: ChannelIdsQuery): Promise<{ ids: number[]; more: boolean }> {
  const whole = await getLineUp(viewer)
  const { category, provider, text, favourites, limit = MAX_CHANNELS } = query
  const lineUp = provider === undefined ? whole : onlyProvider(whole, provider)
  const filter: ItemQuery = { kind: 'channel', category, text, limit }
  const listFavourites = () => listIds(lineUp, { ...filter, favourites: '1' })
  if (favourites === 'only') return toAnswer(await listFavourites())
  if (favourites === undefined) return toAnswer(await listIds(lineUp, filter))
  const [first, all] = await Promise.all([listFavourites(), listIds(lineUp, filter)])
  return toAnswer({ ids: [...new Set([...first.ids, ...all.ids])], next: all.next })
}

const toAnswer = ({ ids, next }: { ids: number[]; next: string | null }) => ({ ids, more: next !== null })

/** A channel as people see it, with what leads to its guide. */
export interface GuideRow extends GuideChannel {
  card: ItemCard
}

/** Channels of the viewer's line-up in the order asked; those it does not hold are left out. */
export async function listGuideRows(viewer: Viewer, ids: readonly number[]): Promise<GuideRow[]> {
  const lineUp = await getLineUp(viewer)
  const channels = await findGuideChannels(lineUp, ids)
  const cards = await loadCards(
    lineUp,
    channels.map(({ id }) => id),
  )
  return channels.flatMap((channel, at) => {
    const card = cards[at]
    return card ? [{ ...channel, card }] : []
  })
}
