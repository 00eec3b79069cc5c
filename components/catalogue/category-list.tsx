import { Clock, Heart, LayoutList } from 'lucide-react'
import type { ReactNode } from 'react'
import type { CategoryView } from '@/lib/catalogue/schema'

interface CategoryListProps {
  categories: readonly CategoryView[]
  /** Value of the chosen one: "", "favourites", "recent" or the id. */
  value: string
  onChoose: (value: string) => void
}

interface Entry {
  value: string
  name: string
  icon?: ReactNode
  count?: number
  note?: string
}

const icon = { 'aria-hidden': true, size: '1.125rem', strokeWidth: 1.75, className: 'shrink-0' } as const

function listEntries(categories: readonly CategoryView[]): Entry[] {
  const several = new Set(categories.map(category => category.provider.id)).size > 1
  return [
    { value: '', name: 'All channels', icon: <LayoutList {...icon} /> },
    { value: 'favourites', name: 'Favourites', icon: <Heart {...icon} /> },
    { value: 'recent', name: 'Recent', icon: <Clock {...icon} /> },
    ...categories.map(({ id, name, count, provider }) => ({
      value: String(id),
      name,
      count,
      ...(several ? { note: provider.name } : {}),
    })),
  ]
}

/** The categories of a list with how much is in each. */
export function CategoryList({ categories, value, onChoose }: CategoryListProps) {
  return (
    <ul className="flex flex-col gap-0.5">
      {listEntries(categories).map(entry => {
        const here = entry.value === value
        return (
          <li key={entry.value}>
            <button
              type="button"
              aria-current={here ? 'true' : undefined}
              onClick={() => onChoose(entry.value)}
              className={`flex min-h-11 w-full items-center gap-3 rounded-cell px-3 py-1.5 text-left text-14 outline-offset-[-3px] transition-colors duration-120 ${here ? 'bg-accent-soft font-strong text-text' : 'text-muted hover:bg-fill hover:text-text'}`}
            >
              {entry.icon}
              <span className="min-w-0 grow">
                <span className="block truncate">{entry.name}</span>
                {entry.note ? <span className="block truncate text-12 text-faint">{entry.note}</span> : null}
              </span>
              {entry.count === undefined ? null : (
                <span className="text-12 text-faint tabular-nums">{entry.count.toLocaleString()}</span>
              )}
            </button>
          </li>
        )
      })}
    </ul>
  )
}
