'use client'

import { useRouter } from 'next/navigation'
import { useCallback } from 'react'
import type { ItemCard } from '@/lib/catalogue/schema'

interface HistoryFacts {
  canGoBack?: boolean
}

/** Where the viewer came from, or the screen this item belongs to when the player was opened by its address. */
export function useLeave(card: ItemCard | null): () => void {
  const router = useRouter()
  return useCallback(() => {
    const { navigation } = window as Window & { navigation?: HistoryFacts }
    const cameFromHere = navigation?.canGoBack ?? window.history.length > 1
    if (cameFromHere) router.back()
    else if (card === null || card.kind === 'channel') router.replace('/channels')
    else router.replace(`/title/${card.series?.id ?? card.id}`)
  }, [router, card])
}
