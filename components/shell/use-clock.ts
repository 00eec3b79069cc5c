'use client'

import { useSyncExternalStore } from 'react'
import { SECOND } from '@/lib/kernel/time'

/** One timer for everybody who looks, and none while nobody does. */
function createClock(beatMs: number) {
  const listeners = new Set<() => void>()
  let timer: ReturnType<typeof setInterval> | undefined
  let now = Date.now()
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    timer ??= setInterval(() => {
      now = Date.now()
      for (const tell of listeners) tell()
    }, beatMs)
    return () => {
      listeners.delete(listener)
      if (listeners.size > 0) return
      clearInterval(timer)
      timer = undefined
    }
  }
  return { subscribe, read: () => now }
}

const slow = createClock(20 * SECOND)
const quick = createClock(SECOND)

/** The time of day for progress lines: three beats a minute. */
export const useClock = (): number => useSyncExternalStore(slow.subscribe, slow.read, slow.read)

/** The time of day, every second: for the few screens that count. */
export const useSecond = (): number => useSyncExternalStore(quick.subscribe, quick.read, quick.read)
