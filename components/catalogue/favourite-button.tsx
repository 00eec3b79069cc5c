'use client'

import { Heart } from 'lucide-react'
import type { ItemCard } from '@/lib/catalogue/schema'
import { useFavourite } from './use-favourite'

interface FavouriteButtonProps {
  item: Pick<ItemCard, 'id' | 'name' | 'favourite'>
  /** In a row the button is quiet and named with the item; on a page it stands beside Play. */
  inRow?: boolean
}

export function FavouriteButton({ item, inRow = false }: FavouriteButtonProps) {
  const set = useFavourite(item.id, item.name)
  const look = inRow ? 'text-muted hover:bg-fill-strong hover:text-text' : 'hairline bg-fill-strong text-text'
  return (
    <button
      type="button"
      aria-pressed={item.favourite}
      aria-label={inRow ? `Favourite: ${item.name}` : 'Favourite'}
      title="Favourite"
      onClick={() => set(!item.favourite)}
      className={`inline-flex shrink-0 items-center justify-center rounded-full transition duration-120 ${inRow ? 'size-11' : 'size-13'} ${look}`}
    >
      <Heart aria-hidden size="1.25rem" strokeWidth={1.75} className={item.favourite ? 'fill-accent text-accent' : ''} />
    </button>
  )
}
