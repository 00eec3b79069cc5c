'use client'

import { useSyncExternalStore } from 'react'

// Tailwind's lg: from here on a table has room.
const query = '(min-width: 64rem)'

function subscribe(listener: () => void): () => void {
  const media = window.matchMedia(query)
  media.addEventListener('change', listener)
  return () => media.removeEventListener('change', listener)
}

/** Is there room for a table? One shape is rendered, not both: there may be two thousand rows. */
export function useWide(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(query).matches,
    () => true,
  )
}
