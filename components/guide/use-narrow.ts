'use client'

import { useSyncExternalStore } from 'react'

const PHONE = '(max-width: 47.99rem)'

function subscribe(listener: () => void): () => void {
  const media = window.matchMedia(PHONE)
  media.addEventListener('change', listener)
  return () => media.removeEventListener('change', listener)
}

/** Whether the screen is a phone's; null on the server, which knows neither the width nor the zone of the viewer. */
export const useNarrow = (): boolean | null =>
  useSyncExternalStore<boolean | null>(
    subscribe,
    () => window.matchMedia(PHONE).matches,
    () => null,
  )
