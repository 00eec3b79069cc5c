'use client'

import { useEffect, useEffectEvent } from 'react'
import { useHold } from './use-hold'

const rowOf = ({ target }: Event): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('[data-channel-options]') : null

/** A finger that rests on a channel of a list, and the other button of a mouse, are for more of it, as OK held down is. */
export function useRowOptions(enabled: boolean, onOptions: (channelId: number) => void): void {
  const hold = useHold()
  const open = useEffectEvent((row: HTMLElement) => onOptions(Number(row.dataset.channelOptions)))
  useEffect(() => {
    if (!enabled) return
    const end = new AbortController()
    const options = { signal: end.signal }
    const lift = () => hold.release('touch')
    // Not every browser tells of a finger that rests as of the other button, so it is timed as well; the first of both counts.
    const onMenu = (event: Event) => {
      const row = rowOf(event)
      if (row === null) return
      event.preventDefault()
      lift()
      open(row)
    }
    const onDown = (event: PointerEvent) => {
      const row = rowOf(event)
      if (row !== null && event.pointerType === 'touch') hold.press('touch', { short: () => {}, long: () => open(row) })
    }
    document.addEventListener('contextmenu', onMenu, options)
    document.addEventListener('pointerdown', onDown, options)
    // A list that is scrolled takes the finger away.
    for (const name of ['pointerup', 'pointercancel']) document.addEventListener(name, lift, options)
    return () => end.abort()
  }, [enabled, hold])
}
