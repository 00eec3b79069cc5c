'use client'

import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { Clock, Search, WifiOff } from 'lucide-react'
import { useSearchParams } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { foundProgrammesQuery } from '@/components/guide/queries'
import { isUnreachable } from '@/components/shell/failure'
import { PageHeader } from '@/components/shell/page-header'
import { takeEarlyLetters } from '@/components/shell/use-search-key'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { SearchField } from '@/components/ui/search-field'
import { searchQuery } from './queries'
import { useRecentSearches } from './recent-searches'
import { outcomeOf } from './search-outcome'
import { ResultSkeleton, SearchResults } from './search-results'
import { useLateWrite } from './use-late-write'

const PAUSE_MS = 160

function writeWords(words: string): void {
  if ((new URLSearchParams(window.location.search).get('q') ?? '') === words) return
  window.history.replaceState(null, '', words ? `?q=${encodeURIComponent(words)}` : window.location.pathname)
}

/** The words in the address follow the words in the field, a breath later. */
function useSearchText(): { text: string; asked: string; setText: (text: string) => void } {
  const asked = (useSearchParams().get('q') ?? '').trim()
  const [text, setText] = useState(asked)
  const [seen, setSeen] = useState(asked)
  // The rail leads back to the empty search.
  if (asked !== seen) {
    setSeen(asked)
    if (asked === '') setText('')
  }
  useLateWrite(text, PAUSE_MS, writeWords)
  return { text, asked, setText }
}

function Suggestions({ onChoose }: { onChoose: (text: string) => void }) {
  const { recent, forget } = useRecentSearches()
  if (recent.length === 0) {
    return (
      <EmptyState
        drawing={<Search size="2.75rem" strokeWidth={1.5} />}
        title="What would you like to watch?"
        text="Channels, programmes, movies, series and episodes of all your sources."
      />
    )
  }
  return (
    <section aria-labelledby="recent-searches" className="mt-8">
      <div className="mb-3 flex items-center justify-between">
        <h2 id="recent-searches" className="font-title text-20">
          Recent searches
        </h2>
        <Button tone="quiet" size="small" onClick={forget}>
          Forget these
        </Button>
      </div>
      <ul className="flex flex-wrap gap-2">
        {recent.map(words => (
          <li key={words}>
            <Chip icon={<Clock aria-hidden size="1rem" strokeWidth={1.75} />} onClick={() => onChoose(words)}>
              {words}
            </Chip>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Away() {
  return (
    <EmptyState
      drawing={<WifiOff size="2.75rem" strokeWidth={1.5} />}
      title="No connection"
      text="This device cannot reach the server. The search goes on by itself when the network is back."
    />
  )
}

const sayCount = (count: number): string => (count === 1 ? '1 result' : `${count} results`)

interface SearchFormProps {
  text: string
  onType: (text: string) => void
  onSubmit: () => void
}

function SearchForm({ text, onType, onSubmit }: SearchFormProps) {
  const field = useRef<HTMLInputElement>(null)
  // Who comes here comes to type. With words in the address, somebody came back to the results.
  useEffect(() => {
    if (window.location.search) return
    field.current?.focus()
    const early = takeEarlyLetters()
    if (early) onType(early)
  }, [onType])
  return (
    <search>
      <form
        onSubmit={event => {
          event.preventDefault()
          onSubmit()
        }}
      >
        <SearchField
          ref={field}
          label="Search"
          placeholder="Channels, programmes, movies, series"
          size="large"
          isFirst
          value={text}
          onChange={onType}
        />
      </form>
    </search>
  )
}

/** Once the network is away it stays away until there is an answer: that it is asked again meanwhile is nothing to see. */
function useAway({ data, error, fetchStatus }: Pick<UseQueryResult, 'data' | 'error' | 'fetchStatus'>): boolean {
  const [wasAway, setAway] = useState(false)
  const isAway = data === undefined && (fetchStatus === 'paused' || isUnreachable(error) || (wasAway && error === null))
  if (isAway !== wasAway) setAway(isAway)
  return isAway
}

export function SearchScreen() {
  const { text, asked, setText } = useSearchText()
  const { remember } = useRecentSearches()
  const search = useQuery(searchQuery(asked))
  const programmes = useQuery(foundProgrammesQuery(asked))
  const outcome = outcomeOf(search, programmes)
  const isAway = useAway(search)
  return (
    <div className="px-4 md:px-10">
      <PageHeader title="Search" />
      <SearchForm text={text} onType={setText} onSubmit={() => remember(text)} />
      <p role="status" className="sr-only">
        {asked && outcome.count !== null ? sayCount(outcome.count) : ''}
      </p>
      {asked ? null : <Suggestions onChoose={setText} />}
      {asked && search.isPending && !isAway ? <ResultSkeleton /> : null}
      {asked && isAway ? <Away /> : null}
      {asked && search.isError && !search.data && !isAway ? (
        <ErrorState error={search.error} onRetry={() => void search.refetch()} />
      ) : null}
      {asked && search.data ? (
        <div
          onClickCapture={() => remember(asked)}
          aria-busy={search.isFetching || programmes.isFetching}
          className={`transition-opacity duration-120 ${outcome.isStale ? 'opacity-60' : ''}`}
        >
          <SearchResults
            found={search.data}
            programmes={programmes.data}
            outcome={outcome}
            text={asked}
            onRetry={() => void programmes.refetch()}
          />
        </div>
      ) : null}
    </div>
  )
}
