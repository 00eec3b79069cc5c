import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { findGuideChannels, fold, type GuideChannel, getLineUp, type LineUp } from '@/lib/catalogue'
import type { AiringView, FoundProgrammesView } from './schema'
import { type AiringGroup, type FoundAiring, findAirings, findUnknownWords } from './title-store'

const MAX_WORDS = 6
const SHOWN = 18
/** A shorter word is like too many others. */
const SHORTEST_SLIP = 4

/** Programmes of the viewer's channels by their titles: what is on, what comes, and what can be watched again. */
export async function searchProgrammes(viewer: Viewer, text: string): Promise<FoundProgrammesView> {
  const words = fold(text).split(' ').filter(Boolean).slice(0, MAX_WORDS)
  // Below three letters the index knows nothing, and half of all titles would do.
  if (!words.some(word => word.length >= 3)) return { onNow: [], comingUp: [], catchUp: [] }
  const lineUp = await getLineUp(viewer)
  const exact = await findAirings(lineUp, words, new Set())
  if (exact.length > 0) return toView(lineUp, exact)
  const long = words.filter(word => word.length >= SHORTEST_SLIP)
  const mistyped = long.length === 0 ? new Set<string>() : await findUnknownWords(viewer.accountId, long)
  return toView(lineUp, mistyped.size === 0 ? [] : await findAirings(lineUp, words, mistyped))
}

async function toView(lineUp: LineUp, found: readonly FoundAiring[]): Promise<FoundProgrammesView> {
  const ids = [...new Set(found.map(({ itemId }) => itemId))]
  const channels = new Map((await findGuideChannels(lineUp, ids)).map(channel => [channel.id, channel]))
  const group = (name: AiringGroup): AiringView[] =>
    found
      .filter(airing => airing.group === name)
      .flatMap(airing => toAiring(airing, channels.get(airing.itemId)))
      .slice(0, SHOWN)
  return { onNow: group('onNow'), comingUp: group('comingUp'), catchUp: group('catchUp') }
}

function toAiring({ title, start, stop }: FoundAiring, channel: GuideChannel | undefined): AiringView[] {
  return channel && !channel.isSilent ? [{ channel: { id: channel.id, name: channel.name }, start, stop, title }] : []
}
