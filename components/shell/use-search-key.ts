'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useTransition } from 'react'

const SEARCH = '/search'

let early = ''

/** What was typed between "/" and the search screen; asking for it forgets it. */
export function takeEarlyLetters(): string {
  const letters = early
  early = ''
  return letters
}

function keepLetter(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === 'Backspace') early = early.slice(0, -1)
  else if (event.key.length === 1) early += event.key
  else return
  event.preventDefault()
  event.stopImmediatePropagation()
}

/** "/" searches from anywhere, as people know it. What is typed on the way there is meant for the search. */
export function useSearchKey(): void {
  const router = useRouter()
  const [leaving, leave] = useTransition()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.defaultPrevented || event.ctrlKey || event.metaKey) return
      if (document.activeElement?.matches('input, textarea, select') || document.querySelector('dialog[open]')) return
      // Not at the door, where there is nothing to search yet.
      if (!document.querySelector('[data-focus-region]')) return
      event.preventDefault()
      if (window.location.pathname === SEARCH) return document.querySelector<HTMLElement>('main [type="search"]')?.focus()
      early = ''
      leave(() => router.push(SEARCH))
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [router])
  useEffect(() => {
    if (!leaving) return
    window.addEventListener('keydown', keepLetter, true)
    return () => window.removeEventListener('keydown', keepLetter, true)
  }, [leaving])
}
