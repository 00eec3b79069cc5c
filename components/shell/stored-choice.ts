'use client'

import { useSyncExternalStore } from 'react'

/** A word remembered on this device, shared by every part of the screen that reads it. */
export interface StoredChoice {
  useValue: () => string
  set: (value: string) => void
}

export function createStoredChoice(key: string, fallback: string): StoredChoice {
  const listeners = new Set<() => void>()
  let value: string | undefined
  const read = () => {
    // Private windows and locked-down televisions refuse storage.
    try {
      value ??= window.localStorage.getItem(key) ?? fallback
    } catch {
      value = fallback
    }
    return value
  }
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return {
    useValue: () => useSyncExternalStore(subscribe, read, () => fallback),
    set: next => {
      value = next
      try {
        window.localStorage.setItem(key, next)
      } catch {
        // It holds until the page is left.
      }
      for (const listener of listeners) listener()
    },
  }
}
