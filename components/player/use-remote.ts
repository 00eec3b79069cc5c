'use client'

import { useSyncExternalStore } from 'react'

const query = '(not (any-pointer: fine)) and (not (any-pointer: coarse))'

function subscribe(listener: () => void): () => void {
  const media = window.matchMedia(query)
  media.addEventListener('change', listener)
  return () => media.removeEventListener('change', listener)
}

/** True on a device that has neither mouse nor touch: a television with a remote. */
export function useRemote(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(query).matches,
    () => false,
  )
}
