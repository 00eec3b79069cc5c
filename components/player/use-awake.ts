'use client'

import { type RefObject, useEffect, useRef, useState } from 'react'
import { SECOND } from '@/lib/kernel/time'

const IDLE = 3 * SECOND

export interface Awake {
  awake: boolean
  wake: () => void
  sleep: () => void
}

/** The overlays sleep after three seconds in which nobody moves a pointer, presses a key or touches. */
export function useAwake(root: RefObject<HTMLElement | null>): Awake {
  const [awake, setAwake] = useState(true)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const act = useRef({
    wake: () => {
      setAwake(true)
      clearTimeout(timer.current)
      timer.current = setTimeout(() => setAwake(false), IDLE)
    },
    sleep: () => {
      clearTimeout(timer.current)
      setAwake(false)
    },
  }).current

  useEffect(() => {
    const element = root.current
    if (!element) return
    const end = new AbortController()
    const options = { signal: end.signal, passive: true }
    const onMouse = (event: PointerEvent) => event.pointerType === 'mouse' && act.wake()
    element.addEventListener('pointermove', onMouse, options)
    element.addEventListener('focusin', act.wake, options)
    element.addEventListener('pointerleave', event => event.pointerType === 'mouse' && act.sleep(), options)
    act.wake()
    return () => {
      end.abort()
      clearTimeout(timer.current)
    }
  }, [root, act])
  return { awake, ...act }
}
