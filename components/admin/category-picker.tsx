'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { providersQuery } from '@/components/providers/queries'
import { Button } from '@/components/ui/button'
import { CheckLine } from '@/components/ui/check-line'
import { ErrorState } from '@/components/ui/error-state'
import { Field } from '@/components/ui/field'
import { Skeleton } from '@/components/ui/skeleton'
import type { BrowseKind, CategoryView } from '@/lib/catalogue/schema'
import { allCategoriesQuery } from './queries'

interface CategoryPickerProps {
  chosen: ReadonlySet<number>
  onChange: (chosen: ReadonlySet<number>) => void
}

const kinds: readonly { kind: BrowseKind; title: string }[] = [
  { kind: 'channel', title: 'Channels' },
  { kind: 'movie', title: 'Movies' },
  { kind: 'series', title: 'Series' },
]

/** More lines than this are found by typing: a sheet of thousands helps nobody. */
const MOST = 150

function KindGroup({ title, found, chosen, onChange }: CategoryPickerProps & { title: string; found: readonly CategoryView[] }) {
  const every = found.every(({ id }) => chosen.has(id))
  const set = (ids: readonly number[], on: boolean) => {
    const next = new Set(chosen)
    for (const id of ids) on ? next.add(id) : next.delete(id)
    onChange(next)
  }
  return (
    <fieldset>
      <legend className="sr-only">{title}</legend>
      <div className="flex items-center justify-between gap-3">
        <span aria-hidden className="font-strong text-14">
          {title}
        </span>
        <Button
          tone="quiet"
          size="small"
          aria-label={`${every ? 'None' : 'All'} of ${title}`}
          onClick={() =>
            set(
              found.map(({ id }) => id),
              !every,
            )
          }
        >
          {every ? 'None' : 'All'}
        </Button>
      </div>
      {found.slice(0, MOST).map(({ id, name, count }) => (
        <CheckLine key={id} label={name} note={count.toLocaleString()} checked={chosen.has(id)} onChange={on => set([id], on)} />
      ))}
      {found.length > MOST ? (
        <p className="px-2 pt-1 text-12 text-muted">
          And {(found.length - MOST).toLocaleString()} more. Type a part of the name to find them.
        </p>
      ) : null}
    </fieldset>
  )
}

/** The categories of the sources that are for everyone. */
export function CategoryPicker({ chosen, onChange }: CategoryPickerProps) {
  const [text, setText] = useState('')
  const providers = useQuery(providersQuery)
  const categories = useQuery(allCategoriesQuery)
  const error = categories.error ?? providers.error
  if (error) return <ErrorState error={error} onRetry={() => void Promise.all([categories.refetch(), providers.refetch()])} />
  if (!categories.data || !providers.data) return <Skeleton className="h-64 w-full" />
  const open = new Set(providers.data.filter(({ platform }) => platform).map(({ id }) => id))
  const all = categories.data.filter(({ provider }) => open.has(provider.id))
  if (all.length === 0)
    return (
      <p className="text-14 text-muted">There is nothing to choose yet. Bouquets are made of sources that are “For everyone”.</p>
    )
  const wanted = text.trim().toLowerCase()
  const groups = kinds.map(({ kind, title }) => ({
    title,
    found: all.filter(one => one.kind === kind && one.name.toLowerCase().includes(wanted)),
  }))
  return (
    <div className="flex flex-col gap-4">
      <Field
        label="Categories"
        type="search"
        placeholder="Find a category"
        hint={`${chosen.size.toLocaleString()} chosen`}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
      />
      {groups.map(({ title, found }) =>
        found.length > 0 ? <KindGroup key={title} title={title} found={found} chosen={chosen} onChange={onChange} /> : null,
      )}
      {groups.every(({ found }) => found.length === 0) ? <p className="text-14 text-muted">No category is called that.</p> : null}
    </div>
  )
}
