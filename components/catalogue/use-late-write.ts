'use client'

import { useEffect, useEffectEvent } from 'react'

const leaving = new Set(['Enter', 'Escape', 'GoBack', 'BrowserBack', 'XF86Back'])

/**
 * Writes the words into the address a breath after the last letter, and at once when something is chosen: to Next a write
 * into the address is a navigation, and a late one would take the place of the navigation that began meanwhile.
 */
export function useLateWrite(words: string, pauseMs: number, write: (words: string) => void): void {
  const settle = useEffectEvent(() => write(words.trim()))
  // biome-ignore lint/correctness/useExhaustiveDependencies: each letter begins the wait again
  useEffect(() => {
    const timer = setTimeout(() => finish(), pauseMs)
    const stop = () => {
      clearTimeout(timer)
      window.removeEventListener('click', finish, true)
      window.removeEventListener('keydown', onKey, true)
    }
    const finish = () => {
      stop()
      settle()
    }
    const onKey = (event: KeyboardEvent) => {
      if (leaving.has(event.key)) finish()
    }
    window.addEventListener('click', finish, true)
    window.addEventListener('keydown', onKey, true)
    return stop
  }, [words, pauseMs])
}
