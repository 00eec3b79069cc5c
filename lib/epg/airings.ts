import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { findGuideChannels, getLineUp, listGuideChannels } from '@/lib/catalogue'
import { type AiringRow, listAiringRows } from './airing-store'

/** A programme at a time on a channel, with what tells it from others. */
export interface Airing extends Omit<AiringRow, 'n'> {
  itemId: number
  channel: string
}

export interface AiringQuery {
  /** Only these; null: every channel of the line-up, each guide once. */
  itemIds: readonly number[] | null
  from: Date
  to: Date
  /** Exact titles, capitals aside. */
  titles: readonly string[]
  /** Each a list of words that a title has, in any order. */
  words: readonly (readonly string[])[]
}

const longest = (words: readonly string[]) => words.reduce((a, b) => (b.length > a.length ? b : a), '')
const toPattern = (word: string) => `%${word.replace(/[\\%_]/g, '\\$&')}%`
const hasAll = (title: string, words: readonly string[]) => words.every(word => title.includes(word))

/** Programmes of the viewer's line-up by their titles, by time. Foreign channels are left out. */
export async function listAiringsByTitle(viewer: Viewer, query: AiringQuery): Promise<Airing[]> {
  const titles = query.titles.map(title => title.toLowerCase())
  const words = query.words.map(list => list.map(word => word.toLowerCase())).filter(list => list.length > 0)
  if (titles.length === 0 && words.length === 0) return []
  const lineUp = await getLineUp(viewer)
  const channels = await (query.itemIds === null ? listGuideChannels(lineUp) : findGuideChannels(lineUp, query.itemIds))
  const refs = channels.map(({ id, providerId, guideId }) => ({ itemId: id, providerId, guideId: guideId ?? '' }))
  const rows = await listAiringRows(refs, {
    from: query.from,
    to: query.to,
    titles,
    // The database asks for one word each, and we for the others.
    patterns: words.map(list => toPattern(longest(list))),
    once: query.itemIds === null,
  })
  const isTitle = new Set(titles)
  return rows.flatMap(({ n, ...row }) => {
    const channel = channels[n]
    const title = row.title.toLowerCase()
    if (!channel || !(isTitle.has(title) || words.some(list => hasAll(title, list)))) return []
    return [{ ...row, itemId: channel.id, channel: channel.name }]
  })
}
