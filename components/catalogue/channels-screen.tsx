'use client'

import { useQuery } from '@tanstack/react-query'
import { ListFilter } from 'lucide-react'
import { useState } from 'react'
import { PageHeader } from '@/components/shell/page-header'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Skeleton } from '@/components/ui/skeleton'
import type { CategoryView } from '@/lib/catalogue/schema'
import { CategoryList } from './category-list'
import { ChannelList } from './channel-list'
import { DensitySwitch } from './density-switch'
import { FilterField } from './filter-field'
import { ListEmpty } from './list-empty'
import { categoriesQuery } from './queries'
import { SourceSwitcher } from './source-switcher'
import { useChannels } from './use-channels'
import { changeFilters, useFilters } from './use-filters'

const fixedNames: Readonly<Record<string, string>> = { '': 'All channels', favourites: 'Favourites', recent: 'Recent' }

function choose(category: string): void {
  changeFilters({ category })
  window.scrollTo({ top: 0 })
}

function CategoryColumn({ categories, value }: { categories: readonly CategoryView[] | undefined; value: string }) {
  return (
    <nav
      aria-label="Categories"
      className="sticky top-4 hidden max-h-[calc(100dvh-2rem)] w-60 shrink-0 self-start overflow-y-auto pr-2 lg:block"
    >
      {categories ? (
        <CategoryList categories={categories} value={value} onChoose={choose} />
      ) : (
        <div className="flex flex-col gap-2">
          {['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(key => (
            <Skeleton key={key} className="h-10" />
          ))}
        </div>
      )}
    </nav>
  )
}

function CategorySheet({ categories, value, name }: { categories: readonly CategoryView[]; value: string; name: string }) {
  const [open, setOpen] = useState(false)
  return (
    <div className="min-w-0 lg:hidden">
      <Button
        className="max-w-44"
        icon={<ListFilter aria-hidden size="1.125rem" strokeWidth={1.75} />}
        onClick={() => setOpen(true)}
        aria-haspopup="dialog"
      >
        <span className="truncate">{name}</span>
      </Button>
      {open ? (
        <Dialog title="Categories" shape="sheet" onClose={() => setOpen(false)}>
          <CategoryList
            categories={categories}
            value={value}
            onChoose={next => {
              choose(next)
              setOpen(false)
            }}
          />
        </Dialog>
      ) : null}
    </div>
  )
}

export function ChannelsScreen() {
  const filters = useFilters()
  const value = filters.category ?? ''
  const known = useQuery(categoriesQuery('channel'))
  // The fixed entries work without the provider's categories, so a failure here leaves the list usable.
  const all = known.isError ? (known.data ?? []) : known.data
  const categories = all?.filter(one => !filters.source || String(one.provider.id) === filters.source)
  const list = useChannels(filters)
  const name = fixedNames[value] ?? all?.find(one => String(one.id) === value)?.name ?? 'Category'
  return (
    <div className="px-4 md:px-10">
      <PageHeader title="Channels">
        <SourceSwitcher />
      </PageHeader>
      <div className="flex gap-8">
        <CategoryColumn categories={categories} value={value} />
        <section aria-label={name} className="min-w-0 grow">
          <div className="mb-4 flex flex-wrap items-center gap-2">
            <h2 className="mr-auto hidden truncate font-strong text-20 lg:block">{name}</h2>
            <CategorySheet categories={categories ?? []} value={value} name={name} />
            <FilterField label="Filter channels" value={filters.text ?? ''} />
            <DensitySwitch />
          </div>
          <ChannelList list={list} label="Channels" empty={<ListEmpty filters={filters} things="channels" />} />
        </section>
      </div>
    </div>
  )
}
