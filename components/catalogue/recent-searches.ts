'use client'

import { useMemo } from 'react'
import { createStoredChoice } from '@/components/shell/stored-choice'

const MOST = 8
const store = createStoredChoice('wtf.searches', '[]')

function parse(text: string): string[] {
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) ? list.filter(one => typeof one === 'string').slice(0, MOST) : []
  } catch {
    return []
  }
}

/** What was searched for on this device, newest first. It never leaves the device. */
export function useRecentSearches(): { recent: readonly string[]; remember: (text: string) => void; forget: () => void } {
  const text = store.useValue()
  const recent = useMemo(() => parse(text), [text])
  return {
    recent,
    remember: words => {
      const clean = words.trim()
      if (clean.length > 1) store.set(JSON.stringify([clean, ...recent.filter(one => one !== clean)].slice(0, MOST)))
    },
    forget: () => store.set('[]'),
  }
}
