import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { findGuideChannels, getLineUp, listGuideChannels } from '@/lib/catalogue'
import { type AiringRow, listAiringRows, MAX_PER_ASK } from './airing-store'

/** A programme at a time on a channel, with what tells it from others. */
export interface Airing extends Omit<AiringRow, 'k' | 'n'> {
  itemId: number
  channel: string
}

/** An exact title, capitals aside, or words that a title has in any order; on one channel, or on any of the line-up. */
export type TitleAsk = { itemId: number | null } & ({ title: string } | { words: readonly string[] })

export interface AiringQuery {
  from: Date
  to: Date
  /** On channels that are all named, or on any channel: each guide then counts once. */
  asks: readonly TitleAsk[]
}

export interface AiringAnswer {
  /** By time. */
  airings: Airing[]
  /** There may be more from this moment on, which the answer leaves out; null: these are all. */
  until: Date | null
}

const toPattern = (word: string) => `%${word.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`

/** Programmes of the viewer's line-up by their titles, an answer for each ask in its place. Foreign channels are left out. */
export async function listAiringsByTitle(viewer: Viewer, { from, to, asks }: AiringQuery): Promise<AiringAnswer[]> {
  if (asks.length === 0) return []
  const itemIds = [...new Set(asks.flatMap(({ itemId }) => itemId ?? []))]
  const once = itemIds.length === 0
  const lineUp = await getLineUp(viewer)
  const channels = await (once ? listGuideChannels(lineUp) : findGuideChannels(lineUp, itemIds))
  const refs = channels.map(({ id, providerId, guideId, ownChannelId }) => ({
    itemId: id,
    providerId,
    guideId: guideId ?? '',
    ownChannelId,
  }))
  const places = new Map(channels.map(({ id }, n) => [id, n]))
  const rows = await listAiringRows(refs, {
    from,
    to,
    asks: asks.map(ask => ({
      title: 'title' in ask ? ask.title.toLowerCase() : null,
      patterns: 'words' in ask ? ask.words.map(toPattern) : [],
      n: ask.itemId === null ? null : (places.get(ask.itemId) ?? -1),
    })),
    once,
  })
  const byAsk = Map.groupBy(rows, ({ k }) => k)
  return asks.map((_, at) => {
    const own = byAsk.get(at) ?? []
    const airings = own.flatMap(({ k, n, ...row }) => {
      const channel = channels[n]
      return channel ? [{ ...row, itemId: channel.id, channel: channel.name }] : []
    })
    return { airings, until: own.length < MAX_PER_ASK ? null : (own.at(-1)?.start ?? null) }
  })
}
