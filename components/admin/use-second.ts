'use client'

import { useSyncExternalStore } from 'react'
import { SECOND } from '@/lib/kernel/time'

const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let now = Date.now()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const tell of listeners) tell()
  }, SECOND)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time of day, every second: for the few screens that count. The rest of the app uses the slower useClock. */
export function useSecond(): number {
  return useSyncExternalStore(
    subscribe,
    () => now,
    () => now,
  )
}
