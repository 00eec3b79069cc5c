import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { loadCards } from './card-store'
import { editDistance } from './edit-distance'
import { getLineUp, type LineUp } from './line-up'
import { fold } from './match-key'
import type { ItemCard, SearchView } from './schema'
import { findByWords, findNearWords, findUsedWords, type Hit, type Wanted } from './search-store'

/** With fewer hits than this the words are taken for mistyped, too. */
const FEW = 4
const MAX_WORDS = 8
const NEAR_WORDS = 6
/** Words of the vocabulary that are looked at for each typed one, and those of them that are looked for in the line-up. */
const VOCABULARY_WORDS = 500
const CLOSE_WORDS = 32
/** Words this common say nothing when others are there. */
const small = new Set(['the', 'a', 'an'])

const nothing: SearchView = { channels: [], movies: [], series: [], episodes: [] }

/**
 * Finds by name as you type: words in any order, in part, without accents; mistyped words find their neighbours in the
 * catalogue's own vocabulary.
 */
export async function search(viewer: Viewer, text: string): Promise<SearchView> {
  const lineUp = await getLineUp(viewer)
  const words = wordsOf(text)
  if (words.length === 0 || lineUp.ids.length === 0) return nothing
  const phrase = words.join(' ')
  const exact = await findByWords(
    lineUp,
    phrase,
    words.map(word => [word]),
  )
  const hits = exact.length >= FEW ? exact : [...exact, ...(await findMistyped(lineUp, words, exact))]
  return toView(
    hits,
    await loadCards(
      lineUp,
      hits.map(({ id }) => id),
    ),
  )
}

function wordsOf(text: string): string[] {
  const words = fold(text).split(' ').filter(Boolean).slice(0, MAX_WORDS)
  const telling = words.filter(word => !small.has(word))
  return telling.length > 0 ? telling : words
}

async function findMistyped(lineUp: LineUp, words: readonly string[], known: readonly Hit[]): Promise<Hit[]> {
  // A year is not a slip of the finger for another year.
  const long = words.filter(word => word.length >= 4 && !/\d/.test(word))
  if (long.length === 0) return []
  const near = await findNearWords(long, VOCABULARY_WORDS)
  const close = new Map(words.map(word => [word, closest(word, near.get(word) ?? [])]))
  const used = await findUsedWords(lineUp, [...new Set([...close.values()].flat())])
  const wanted: Wanted = words.map(word => {
    const meant = (close.get(word) ?? []).filter(other => used.has(other)).slice(0, NEAR_WORDS)
    return [...new Set([word, ...meant])]
  })
  if (wanted.every(alternatives => alternatives.length === 1)) return []
  const phrase = wanted.map(([typed = '', best]) => best ?? typed).join(' ')
  const seen = new Set(known.map(({ id }) => id))
  return (await findByWords(lineUp, phrase, wanted)).filter(({ id }) => !seen.has(id))
}

/** Nearest first, and among those as near by letter, so that the same catalogue always answers the same. */
function closest(word: string, candidates: readonly string[]): string[] {
  const allowed = word.length >= 8 ? 3 : word.length >= 5 ? 2 : 1
  return [...new Set(candidates)]
    .map(other => ({ other, distance: editDistance(word, other) }))
    .filter(({ distance }) => distance > 0 && distance <= allowed)
    .sort((a, b) => a.distance - b.distance || (a.other < b.other ? -1 : 1))
    .slice(0, CLOSE_WORDS)
    .map(({ other }) => other)
}

function toView(hits: readonly Hit[], cards: readonly ItemCard[]): SearchView {
  const byId = new Map(cards.map(card => [card.id, card]))
  const of = (kind: Hit['kind']) => hits.filter(hit => hit.kind === kind).flatMap(({ id }) => byId.get(id) ?? [])
  return { channels: of('channel'), movies: of('movie'), series: of('series'), episodes: of('episode') }
}
