import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { getTaste, listChannelIds, listGuideRows } from '@/lib/catalogue'
import { SECOND } from '@/lib/kernel/time'
import { toGenre } from './genre'
import { listWindows } from './guide-store'
import { toChannelView } from './guide-window'
import { rankForYou, readGenres } from './rank-for-you'
import type { ForYouView } from './schema'
import { isReferred, toRef } from './window-cells'

const MOST = 12
/** Channels that are looked at: those one watches, then the first ones of the line-up. */
const MAX_ASKED = 1_000

/** What is on now that this profile may like: by its channels and by the kinds of things it watches. */
export async function listForYou(viewer: Viewer, now = new Date()): Promise<ForYouView> {
  const { channels, words } = await getTaste(viewer)
  const genres = readGenres(words)
  if (channels.size === 0 && genres.size === 0) return []
  const { ids } = await listChannelIds(viewer, { limit: MAX_ASKED })
  const rows = (await listGuideRows(viewer, [...new Set([...channels.keys(), ...ids])].slice(0, MAX_ASKED))).filter(isReferred)
  const found = await listWindows(rows.map(toRef), { from: now, to: new Date(now.getTime() + SECOND) })
  const candidates = rows.flatMap((row, at) => {
    const [programme] = found.get(at) ?? []
    if (programme === undefined) return []
    const { start, stop, title, categories } = programme
    return [{ channelId: row.id, channel: toChannelView(row), start, stop, title, genre: toGenre(categories) }]
  })
  const best = rankForYou(candidates, { channels, genres }, { now: now.getTime() / SECOND, most: MOST })
  return best.map(({ channel, start, stop, title, genre }) => ({ channel, start, stop, title, genre }))
}
