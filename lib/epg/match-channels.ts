import { type ChannelName, type GuideId, readChannelName, readGuideId } from './channel-name'
import { likenessOf } from './name-likeness'

/** A match at least as good is taken without asking; a weaker one is only proposed. */
export const TAKE_SCORE = 0.85
export const PROPOSE_SCORE = 0.5
const MAX_CANDIDATES = 5

/** Words that more channels share than this lead to none of them. */
const MAX_SHARED = 400
/** Channels whose names are compared in full. */
const MAX_COMPARED = 100
/** A channel of another country has another programme, whatever its name. */
const CLASH = 0.6

export type MatchedHow = 'exact' | 'folded' | 'normalised' | 'fuzzy'

export interface KnownChannel {
  channelId: number
  xmltvId: string
  names: readonly string[]
  /** Something is on, now or later. */
  hasProgrammes: boolean
}

export interface WantedChannel {
  /** Name first, then further names of its sources. */
  names: readonly string[]
  guideId: string | null
  /** Name of its category, which says the country more often than the channel does. */
  group: string | null
}

export interface Candidate {
  channelId: number
  how: MatchedHow
  /** 0..1 */
  score: number
}

interface Entry {
  channel: KnownChannel
  id: GuideId
  names: ChannelName[]
  country: string | null
}

/** The channels of one guide, ready to be found by id, by name and by words. */
export interface GuideIndex {
  entries: Entry[]
  byId: Map<string, number[]>
  byFolded: Map<string, number[]>
  byKey: Map<string, number[]>
  byWord: Map<string, number[]>
  /** Channels that have something to tell. */
  told: Set<number>
}

export function buildGuideIndex(channels: readonly KnownChannel[]): GuideIndex {
  const index: GuideIndex = {
    entries: [],
    byId: new Map(),
    byFolded: new Map(),
    byKey: new Map(),
    byWord: new Map(),
    told: new Set(),
  }
  for (const channel of channels) addChannel(index, channel)
  return index
}

function addChannel(index: GuideIndex, channel: KnownChannel): void {
  const id = readGuideId(channel.xmltvId)
  // A name of digits is a place on somebody's remote control.
  const names = channel.names.filter(name => !/^\d+(?:\.\d+)?$/.test(name.trim())).map(readChannelName)
  if (id.name !== null && !names.some(({ key, late }) => key === id.name?.key && late === id.name.late)) names.push(id.name)
  const country = id.country ?? names.find(name => name.country !== null)?.country ?? null
  const n = index.entries.push({ channel, id, names, country }) - 1
  if (channel.hasProgrammes) index.told.add(channel.channelId)
  add(index.byId, channel.xmltvId, n)
  if (id.folded !== '') add(index.byFolded, id.folded, n)
  for (const name of names) add(index.byKey, placeOf(name), n)
  for (const word of new Set(names.flatMap(wordsOf))) add(index.byWord, word, n)
}

const placeOf = ({ key, late }: ChannelName) => `${key}+${late}`

function add(map: Map<string, number[]>, key: string, n: number): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [n])
  else if (list.at(-1) !== n) list.push(n)
}

/** Whole words, and the beginnings of long ones, which a typo further behind leaves alone. */
function wordsOf({ tokens }: ChannelName): string[] {
  return tokens.flatMap(token => (token.length >= 5 ? [token, `${token.slice(0, 4)}…`] : [token]))
}

/** The channels of a guide that a channel may be, the best first, none below `PROPOSE_SCORE`. */
export function findCandidates(index: GuideIndex, wanted: WantedChannel): Candidate[] {
  const search = new Search(index, wanted)
  search.byId()
  search.byName()
  if (!search.isSure()) search.byLikeness()
  return search.candidates()
}

/** One question to one guide. */
class Search {
  readonly #index: GuideIndex
  readonly #wanted: WantedChannel
  readonly #names: ChannelName[]
  readonly #id: GuideId | null
  readonly #country: string | null
  readonly #found = new Map<number, Candidate>()

  constructor(index: GuideIndex, wanted: WantedChannel) {
    this.#index = index
    this.#wanted = wanted
    this.#id = wanted.guideId ? readGuideId(wanted.guideId) : null
    this.#names = wanted.names.map(readChannelName)
    const group = wanted.group === null ? null : readChannelName(`${wanted.group} | x`).country
    this.#country = this.#names.find(({ country }) => country !== null)?.country ?? this.#id?.country ?? group
  }

  byId(): void {
    const { guideId } = this.#wanted
    if (!guideId || this.#id === null) return
    for (const n of this.#index.byId.get(guideId) ?? []) this.#note(n, 'exact', 1)
    const { folded, country } = this.#id
    if (folded === '') return
    for (const n of this.#index.byFolded.get(folded) ?? []) {
      const other = this.#index.entries[n]?.id.country ?? null
      if (country === null || other === null || country === other) this.#note(n, 'folded', country === other ? 0.98 : 0.96)
    }
  }

  byName(): void {
    const own = this.#id?.name ?? null
    for (const [at, name] of [...this.#names, ...(own === null ? [] : [own])].entries()) {
      const score = at === 0 ? 0.95 : 0.92
      for (const n of this.#index.byKey.get(placeOf(name)) ?? []) {
        const sameQuality = this.#index.entries[n]?.names.some(({ quality }) => quality === name.quality) ? 0.005 : 0
        this.#note(n, 'normalised', this.#judgeCountry(n, score) + sameQuality)
      }
    }
  }

  byLikeness(): void {
    const { entries, byWord } = this.#index
    const total = Math.max(2, entries.length)
    // Rare words say more.
    const weightOf = (token: string) => Math.log2(1 + total / (byWord.get(token)?.length ?? 1)) / Math.log2(1 + total) + 0.2
    for (const name of this.#names) {
      for (const n of this.#neighbours(name)) {
        for (const other of entries[n]?.names ?? []) {
          const { score, isWhole } = likenessOf(name, other, weightOf)
          // A word that only one of them has makes it another channel: somebody has to look.
          this.#note(n, 'fuzzy', this.#judgeCountry(n, isWhole ? score : Math.min(score, 0.8)))
        }
      }
    }
  }

  isSure(): boolean {
    return [...this.#found.values()].some(({ score }) => score >= TAKE_SCORE)
  }

  candidates(): Candidate[] {
    this.#lowerTies()
    return [...this.#found.values()]
      .filter(({ score }) => score >= PROPOSE_SCORE)
      .sort((a, b) => b.score - a.score || a.channelId - b.channelId)
      .slice(0, MAX_CANDIDATES)
  }

  #note(n: number, how: MatchedHow, score: number): void {
    const channelId = this.#index.entries[n]?.channel.channelId
    if (channelId === undefined) return
    const known = this.#found.get(n)
    // A name that is the same stays so, whatever its letters say.
    if (how === 'fuzzy' && known !== undefined && known.how !== 'fuzzy') return
    if (known === undefined || known.score < score)
      this.#found.set(n, { channelId, how, score: Math.round(score * 1_000) / 1_000 })
  }

  #judgeCountry(n: number, score: number): number {
    const other = this.#index.entries[n]?.country ?? null
    if (this.#country === null || other === null) return score - 0.04
    return this.#country === other ? score : score * CLASH
  }

  /** The same name in two countries, and nothing says which is meant: a person decides. */
  #lowerTies(): void {
    if (this.#country !== null) return
    const named = [...this.#found].filter(
      ([, { how, score }]) => (how === 'normalised' || how === 'fuzzy') && score >= TAKE_SCORE,
    )
    const countries = new Set(named.map(([n]) => this.#index.entries[n]?.country).filter(country => country !== null))
    if (countries.size < 2) return
    for (const [, candidate] of named) candidate.score = Math.min(candidate.score, 0.75)
  }

  /** Channels that share the rarest words, those that share most of them first. */
  #neighbours(name: ChannelName): number[] {
    const lists = wordsOf(name)
      .map(word => this.#index.byWord.get(word) ?? [])
      .filter(list => list.length > 0 && list.length <= MAX_SHARED)
    const shared = new Map<number, number>()
    for (const list of lists) for (const n of list) shared.set(n, (shared.get(n) ?? 0) + 1 / Math.sqrt(list.length))
    return [...shared]
      .sort((a, b) => b[1] - a[1])
      .slice(0, MAX_COMPARED)
      .map(([n]) => n)
  }
}

export interface Verdict {
  /** Null: nothing is certain enough. */
  match: Candidate | null
  candidates: Candidate[]
}

/**
 * Decides among guides in the order of their priority: the first that knows the channel and has something to tell gives it,
 * else the first that knows it. `candidates` are what a person may choose from.
 */
export function decideMatch(indexes: readonly GuideIndex[], wanted: WantedChannel): Verdict {
  const all: Candidate[] = []
  let silent: Candidate | null = null
  for (const index of indexes) {
    const candidates = findCandidates(index, wanted)
    all.push(...candidates)
    const sure = candidates.filter(({ score }) => score >= TAKE_SCORE)
    const told = sure.find(({ channelId }) => index.told.has(channelId))
    if (told) return { match: told, candidates: [] }
    silent ??= sure[0] ?? null
  }
  if (silent !== null) return { match: silent, candidates: [] }
  return { match: null, candidates: all.sort((a, b) => b.score - a.score).slice(0, MAX_CANDIDATES) }
}
