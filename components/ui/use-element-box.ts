'use client'

import { type RefObject, useLayoutEffect, useState } from 'react'

export interface ElementBox {
  width: number
  /** Distance from the top of the document. */
  top: number
  /** Pixels of one rem: 16, or 20 on a ten-foot screen. */
  rem: number
}

/** Size and place of an element, kept up to date while the window or its surroundings change. */
export function useElementBox(element: RefObject<HTMLElement | null>): ElementBox | null {
  const [box, setBox] = useState<ElementBox | null>(null)
  useLayoutEffect(() => {
    const target = element.current
    if (!target) return
    const measure = () => {
      const width = target.clientWidth
      const top = Math.round(target.getBoundingClientRect().top + window.scrollY)
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16
      setBox(old => (old && old.width === width && old.top === top && old.rem === rem ? old : { width, top, rem }))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(target)
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [element])
  return box
}
