interface Asked<Data> {
  data: Data | undefined
  isError: boolean
  /** Paused: there is no network, and it goes on by itself when there is. */
  fetchStatus: 'fetching' | 'paused' | 'idle'
  isPlaceholderData: boolean
}

type Groups = Readonly<Record<string, readonly unknown[]>>

export interface SearchOutcome {
  /** Something of what is shown was found by the words before these. */
  isStale: boolean
  programmes: 'pending' | 'failed' | 'known'
  /** Null until all of these words' results are known. */
  count: number | null
}

const countOf = (groups: Groups = {}): number => Object.values(groups).reduce((sum, group) => sum + group.length, 0)

/** What two searches for the same words, titles and programmes, come to together. */
export function outcomeOf(titles: Asked<Groups>, programmes: Asked<Groups>): SearchOutcome {
  const isStale = titles.isPlaceholderData || programmes.isPlaceholderData
  const state = programmes.data ? 'known' : programmes.isError || programmes.fetchStatus === 'paused' ? 'failed' : 'pending'
  const isKnown = titles.data !== undefined && state !== 'pending' && !isStale
  return { isStale, programmes: state, count: isKnown ? countOf(titles.data) + countOf(programmes.data) : null }
}
