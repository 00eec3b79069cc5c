'use client'

import { ChevronLeft, ChevronRight, Heart, Rows2, Rows3, ZoomIn, ZoomOut } from 'lucide-react'
import { FilterField } from '@/components/catalogue/filter-field'
import { FilterMenu, type FilterOption } from '@/components/catalogue/filter-menu'
import { changeFilters, type Filters } from '@/components/catalogue/use-filters'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import { IconButton } from '@/components/ui/icon-button'
import { chooseFavouritesFirst, chooseTight, useFavouritesFirst, useTight, type Zoom } from './guide-preferences'

const icon = { 'aria-hidden': true, size: '1.25rem', strokeWidth: 1.75 } as const

interface GuideFiltersProps {
  filters: Filters
  categories: readonly FilterOption[]
}

/** Which channels: a category, favourites, a piece of the name. */
export function GuideFilters({ filters, categories }: GuideFiltersProps) {
  const first = useFavouritesFirst()
  const value = filters.category ?? ''
  return (
    <>
      <FilterMenu
        name="Category"
        value={value}
        any="All channels"
        options={[{ value: 'favourites', label: 'Favourites' }, ...categories]}
        onChoose={category => changeFilters({ category })}
      />
      {value === 'favourites' ? null : (
        <Chip
          selected={first}
          icon={<Heart aria-hidden size="1rem" strokeWidth={1.75} />}
          onClick={() => chooseFavouritesFirst(!first)}
        >
          Favourites first
        </Chip>
      )}
      <FilterField label="Find a channel" value={filters.text ?? ''} anywhere={false} />
    </>
  )
}

interface GuideTimesProps {
  day: string
  days: readonly FilterOption[]
  zoom: Zoom
  onNow: () => void
  onPrime: () => void
  /** A day earlier or later; null where the guide ends. */
  onEarlier: (() => void) | null
  onLater: (() => void) | null
  onDay: (value: string) => void
}

/** When: now, tonight, another day; and how much of it is in view. */
export function GuideTimes({ day, days, zoom, onNow, onPrime, onEarlier, onLater, onDay }: GuideTimesProps) {
  const tight = useTight()
  return (
    <div className="flex items-center gap-1 xl:ml-auto">
      <Button size="small" onClick={onNow} title="Now (N)">
        Now
      </Button>
      <Button size="small" tone="quiet" onClick={onPrime} title="This evening at 20:00 (P)">
        Prime time
      </Button>
      <IconButton
        label="A day earlier"
        icon={<ChevronLeft {...icon} />}
        disabled={onEarlier === null}
        onClick={() => onEarlier?.()}
      />
      <FilterMenu name="Day" value={day} options={days} onChoose={onDay} />
      <IconButton label="A day later" icon={<ChevronRight {...icon} />} disabled={onLater === null} onClick={() => onLater?.()} />
      <IconButton
        label="Show more hours"
        icon={<ZoomOut {...icon} />}
        disabled={zoom.wider === null}
        onClick={() => zoom.wider?.()}
      />
      <IconButton
        label="Show fewer hours"
        icon={<ZoomIn {...icon} />}
        disabled={zoom.closer === null}
        onClick={() => zoom.closer?.()}
      />
      <IconButton
        label={tight ? 'Higher rows' : 'Lower rows'}
        icon={tight ? <Rows2 {...icon} /> : <Rows3 {...icon} />}
        onClick={() => chooseTight(!tight)}
      />
    </div>
  )
}
