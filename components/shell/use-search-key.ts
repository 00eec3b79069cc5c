'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useTransition } from 'react'

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

/** The way to the search. What is typed while it is on its way is meant for it. */
export function useSearch(): () => void {
  const router = useRouter()
  const [leaving, leave] = useTransition()
  useEffect(() => {
    if (!leaving) return
    window.addEventListener('keydown', keepLetter, true)
    return () => window.removeEventListener('keydown', keepLetter, true)
  }, [leaving])
  return () => {
    early = ''
    leave(() => router.push(SEARCH))
  }
}

const isTyping = () => document.activeElement?.matches('input, textarea, select') === true

/** "/" where nobody is typing, and Ctrl K everywhere: both search, as people know it. */
function asksForSearch(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.altKey) return false
  if (event.ctrlKey || event.metaKey) return event.key.toLowerCase() === 'k'
  return event.key === '/' && !isTyping()
}

/** Searches from anywhere in the pages; the player has its own keys. */
export function useSearchKey(): void {
  const search = useSearch()
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!asksForSearch(event) || document.querySelector('dialog[open]')) return
    // Not at the door, where there is nothing to search yet.
    if (!document.querySelector('[data-focus-region]')) return
    event.preventDefault()
    if (window.location.pathname === SEARCH) return document.querySelector<HTMLElement>('main [type="search"]')?.focus()
    search()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}
