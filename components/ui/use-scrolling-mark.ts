'use client'

import { type RefObject, useEffect } from 'react'

/** A wheel notch glides for about this long; shorter and the mark would come and go between two of them. */
const REST_MS = 150

/**
 * Marks an element while the window (or with `own` the element itself) scrolls (`data-scrolling`), without drawing anything again. What passes under a resting
 * pointer would lift and light up one after the other, and each of those movements costs a layer or a repaint per frame.
 */
export function useScrollingMark(element: RefObject<HTMLElement | null>, own = false): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const rest = () => {
      timer = undefined
      element.current?.removeAttribute('data-scrolling')
    }
    const onScroll = () => {
      if (timer === undefined) element.current?.setAttribute('data-scrolling', '')
      else clearTimeout(timer)
      timer = setTimeout(rest, REST_MS)
    }
    const scroller = own ? element.current : window
    scroller?.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      scroller?.removeEventListener('scroll', onScroll)
      clearTimeout(timer)
      rest()
    }
  }, [element, own])
}
