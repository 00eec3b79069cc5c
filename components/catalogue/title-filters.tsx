'use client'

import { useQuery } from '@tanstack/react-query'
import { Heart, X } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import type { BrowseKind } from '@/lib/catalogue/schema'
import { FilterMenu, type FilterOption } from './filter-menu'
import { jumpTo, letterOf, letters } from './letters'
import { categoriesQuery, genresQuery } from './queries'
import { changeFilters, type Filters } from './use-filters'

const sorts: readonly FilterOption[] = [
  { value: 'added', label: 'Newest first' },
  { value: 'name', label: 'A to Z' },
  { value: 'rating', label: 'Best rated' },
  { value: 'year', label: 'By year' },
  { value: 'provider', label: "Provider's order" },
]

const ratings: readonly FilterOption[] = ['9', '8', '7', '6', '5'].map(value => ({ value, label: `${value} and better` }))

function listYears(): FilterOption[] {
  const thisYear = new Date().getFullYear()
  const years = Array.from({ length: 8 }, (_, at) => String(thisYear - at)).map(year => ({
    value: `${year}-${year}`,
    label: year,
  }))
  const decades = Array.from({ length: 9 }, (_, at) => Math.floor(thisYear / 10) * 10 - at * 10)
  return [...years, ...decades.map(from => ({ value: `${from}-${from + 9}`, label: `${from}s` }))]
}

const years = listYears()
const letterOptions: readonly FilterOption[] = letters.map(letter => ({ value: letter, label: letter }))

function useCategoryOptions(kind: BrowseKind, filters: Filters): FilterOption[] {
  const all = useQuery(categoriesQuery(kind)).data ?? []
  const categories = all.filter(one => !filters.source || String(one.provider.id) === filters.source)
  const several = new Set(categories.map(one => one.provider.id)).size > 1
  return categories.map(({ id, name, count, provider }) => ({
    value: String(id),
    label: name,
    note: several ? `${provider.name} · ${count.toLocaleString()}` : count.toLocaleString(),
  }))
}

function isFiltered(filters: Filters): boolean {
  return Boolean(filters.category ?? filters.genre ?? filters.yearFrom ?? filters.rating ?? filters.favourites ?? filters.from)
}

const noFilters = { category: null, genre: null, yearFrom: null, yearTo: null, rating: null, favourites: null, from: null }

function ClearFilters() {
  return (
    <Button tone="quiet" size="small" icon={<X aria-hidden size="1rem" />} onClick={() => changeFilters(noFilters)}>
      Clear filters
    </Button>
  )
}

/** Everything that narrows a list of titles, as chips that live in the address. */
export function TitleFilters({ kind, filters }: { kind: BrowseKind; filters: Filters }) {
  const genres = (useQuery(genresQuery(kind)).data ?? []).map(genre => ({ value: genre, label: genre }))
  const categories = useCategoryOptions(kind, filters)
  const year = filters.yearFrom && filters.yearTo ? `${filters.yearFrom}-${filters.yearTo}` : ''
  const chooseYear = (value: string) => {
    const [yearFrom = null, yearTo = null] = value ? value.split('-') : []
    changeFilters({ yearFrom, yearTo })
  }
  return (
    <fieldset className="scroll-quiet flex min-w-0 items-center gap-2 max-md:-mx-4 max-md:w-screen max-md:overflow-x-auto max-md:px-4 max-md:py-1 md:flex-wrap">
      <legend className="sr-only">Filters</legend>
      <FilterMenu
        name="Sort"
        value={filters.from ? 'name' : (filters.sort ?? 'added')}
        options={sorts}
        onChoose={sort => changeFilters({ sort, from: null })}
      />
      <FilterMenu
        name="Category"
        any="Every category"
        value={filters.category ?? ''}
        options={categories}
        onChoose={category => changeFilters({ category })}
      />
      <FilterMenu
        name="Genre"
        any="Every genre"
        value={filters.genre ?? ''}
        options={genres}
        onChoose={genre => changeFilters({ genre })}
      />
      <FilterMenu name="Year" any="Any year" value={year} options={years} onChoose={chooseYear} />
      <FilterMenu
        name="Rating"
        any="Any rating"
        value={filters.rating ?? ''}
        options={ratings}
        onChoose={rating => changeFilters({ rating })}
      />
      <span className="md:hidden">
        <FilterMenu
          name="Letter"
          any="Any letter"
          value={letterOf(filters.from)}
          options={letterOptions}
          onChoose={letter => (letter ? jumpTo(letter) : changeFilters({ from: null }))}
        />
      </span>
      <Chip
        selected={filters.favourites === '1'}
        icon={<Heart aria-hidden size="1rem" className={filters.favourites ? 'fill-accent text-accent' : ''} />}
        onClick={() => changeFilters({ favourites: filters.favourites ? null : '1' })}
      >
        Favourites
      </Chip>
      {isFiltered(filters) ? <ClearFilters /> : null}
    </fieldset>
  )
}
