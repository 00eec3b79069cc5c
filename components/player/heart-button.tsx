'use client'

import { Heart } from 'lucide-react'
import { useFavourite } from '@/components/catalogue/use-favourite'
import type { ItemCard } from '@/lib/catalogue/schema'
import { ControlButton } from './control-button'

export function HeartButton({ card }: { card: ItemCard }) {
  const set = useFavourite(card.id, card.name)
  return (
    <ControlButton
      label={card.favourite ? 'Remove from favourites' : 'Add to favourites'}
      icon={<Heart aria-hidden size="1.375rem" strokeWidth={1.75} className={card.favourite ? 'fill-accent text-accent' : ''} />}
      onClick={() => set(!card.favourite)}
    />
  )
}
