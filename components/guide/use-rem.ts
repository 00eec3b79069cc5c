'use client'

import { useSyncExternalStore } from 'react'

const FALLBACK = 16

function subscribe(listener: () => void): () => void {
  window.addEventListener('resize', listener)
  return () => window.removeEventListener('resize', listener)
}

const read = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || FALLBACK

/** Pixels of one rem: 16, or 20 on a television. */
export const useRem = (): number => useSyncExternalStore(subscribe, read, () => FALLBACK)
