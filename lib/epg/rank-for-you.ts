import { toGenre } from './genre'
import type { GuideGenre } from './schema'

export interface Candidate {
  channelId: number
  title: string
  genre: GuideGenre | null
  /** Unix seconds. */
  start: number
  stop: number
}

export interface Likes {
  /** Channels by id, 0 to 2. */
  channels: ReadonlyMap<number, number>
  /** Shares of what was watched, 0 to 1 together. */
  genres: ReadonlyMap<GuideGenre, number>
}

/** What a kind of title is in a guide when its own words say nothing. */
const genreOfKind = { channel: null, movie: 'film', series: 'series' } as const

/** The shares of the guide's genres in what was watched. */
export function readGenres(
  words: readonly { text: string; kind: keyof typeof genreOfKind; count: number }[],
): Map<GuideGenre, number> {
  const counts = new Map<GuideGenre, number>()
  let sum = 0
  for (const { text, kind, count } of words) {
    const genre = toGenre([text]) ?? genreOfKind[kind]
    if (genre === null) continue
    counts.set(genre, (counts.get(genre) ?? 0) + count)
    sum += count
  }
  return new Map([...counts].map(([genre, count]) => [genre, count / sum]))
}

/** Where a programme stands by how much of it is left: what has just begun is worth more than what is nearly over. */
function freshness({ start, stop }: Candidate, now: number): number {
  const passed = stop > start ? (now - start) / (stop - start) : 1
  return passed < 0.25 ? 0.3 : passed > 0.85 ? -0.6 : 0
}

/**
 * What is worth a look now, the best first, at most `most`: channels one watches and kinds of programme one likes. What neither speaks
 * for is left out, and a programme that several channels show stands once. `now` is Unix seconds.
 */
export function rankForYou<C extends Candidate>(
  candidates: readonly C[],
  likes: Likes,
  { now, most }: { now: number; most: number },
): C[] {
  const scored = candidates.flatMap(candidate => {
    const liked = (likes.channels.get(candidate.channelId) ?? 0) * 1.5
    const kind = candidate.genre === null ? 0 : (likes.genres.get(candidate.genre) ?? 0) * 2
    return liked + kind < 0.2 ? [] : [{ candidate, score: liked + kind + freshness(candidate, now) }]
  })
  scored.sort((a, b) => b.score - a.score || a.candidate.start - b.candidate.start)
  const seen = new Set<string>()
  const best: C[] = []
  for (const { candidate } of scored) {
    const key = `${candidate.title.toLowerCase()} ${candidate.start}`
    if (best.length >= most || seen.has(key)) continue
    seen.add(key)
    best.push(candidate)
  }
  return best
}
