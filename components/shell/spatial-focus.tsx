'use client'

import { usePathname, useRouter } from 'next/navigation'
import { useEffect, useEffectEvent } from 'react'
import { startWithFirstKey } from './spatial-start'
import { useSearchKey } from './use-search-key'

/** The link that was focused on each screen, so that Back returns to it. */
const lastFocus = new Map<string, string>()
let returning = false
let byKeys = false

function rememberFocus(event: FocusEvent): void {
  const link = event.target instanceof Element ? event.target.closest('main a[href]') : null
  const href = link?.getAttribute('href')
  if (href) lastFocus.set(window.location.pathname, href)
}

function useBack(): void {
  const pathname = usePathname()
  const router = useRouter()
  const leave = useEffectEvent((from: 'content' | 'rail', focusOn: (element: HTMLElement) => void) => {
    if (pathname.startsWith('/title/')) router.back()
    else if (from === 'rail' && pathname !== '/') router.push('/')
    else if (from === 'content') {
      const here = document.querySelector<HTMLElement>('[data-focus-region] [aria-current="page"]')
      if (here?.checkVisibility()) focusOn(here)
    }
  })
  // Once for all screens: begun anew with each of them, keys pressed while the engine is on its way would be lost.
  useEffect(() => startWithFirstKey((from, focusOn) => leave(from, focusOn)), [])
}

function onPop(): void {
  returning = true
}

function useInputKind(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      byKeys = event.key.startsWith('Arrow') || event.key === 'Enter' || event.key === 'Escape' || event.key === 'GoBack'
    }
    const onPointer = () => {
      byKeys = false
    }
    // Stays for good: Back out of the player happens while this layout is away.
    window.addEventListener('popstate', onPop)
    window.addEventListener('keydown', onKey, true)
    window.addEventListener('pointerdown', onPointer, true)
    document.addEventListener('focusin', rememberFocus)
    return () => {
      window.removeEventListener('keydown', onKey, true)
      window.removeEventListener('pointerdown', onPointer, true)
      document.removeEventListener('focusin', rememberFocus)
    }
  }, [])
}

/** Looks of 80 ms each: until something else than the right place is good enough for now, and until nothing better will come. */
const STOPOVER_AFTER = 10
const MOST_TRIES = 100

/** After a step made with keys, focus is where it was before (Back) or at the start of the new screen. */
function useArrival(): void {
  const pathname = usePathname()
  useEffect(() => {
    if (!byKeys) {
      returning = false
      return
    }
    const href = returning ? lastFocus.get(pathname) : undefined
    returning = false
    let tries = 0
    let ended = false
    /** Where focus waits while the screen is still being fetched. */
    let stopover: HTMLElement | null = null
    const arrive = async () => {
      tries += 1
      const { findStart, focusOn } = await import('./spatial-navigation')
      if (ended) return
      const before = href ? document.querySelector<HTMLElement>(`main a[href="${CSS.escape(href)}"]`) : null
      const target = before ?? document.querySelector<HTMLElement>('main [data-focus-first]')
      const waits = target === null && tries < MOST_TRIES
      if (waits && tries !== STOPOVER_AFTER) return
      if (!waits) stop()
      const active = document.activeElement
      const isFree = active === document.body || active === stopover || active?.closest('[data-focus-region]')
      const place = target ?? (tries === STOPOVER_AFTER ? findStart() : null)
      if (!place || !byKeys || !isFree) return
      stopover = place
      focusOn(place)
    }
    const timer = setInterval(() => void arrive(), 80)
    const stop = () => {
      ended = true
      clearInterval(timer)
      window.removeEventListener('keydown', onKey, true)
    }
    // Who already moves on should not be fetched back.
    const onKey = (event: KeyboardEvent) => {
      if (event.key.startsWith('Arrow') || event.key === 'Tab') stop()
    }
    window.addEventListener('keydown', onKey, true)
    return stop
  }, [pathname])
}

/** Mount once per layout that is driven by arrow keys. The player has its own keys and does without. */
export function SpatialFocus() {
  useBack()
  useSearchKey()
  useInputKind()
  useArrival()
  return null
}
