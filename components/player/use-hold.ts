'use client'

import { useEffect, useRef } from 'react'

/** Held down for longer than this, a key means its second meaning, in ms. */
const LONG_PRESS = 500

interface Press {
  key: string
  /** Undefined once it has been held for long. */
  timer: ReturnType<typeof setTimeout> | undefined
  short: () => void
}

export interface Hold {
  /** A key with two meanings goes down: the first waits until it comes up again. */
  press: (key: string, meanings: { short: () => void; long: () => void }) => void
  release: (key: string) => void
  /** Is this key held? Then what it repeats means nothing more. */
  owns: (key: string) => boolean
}

export function useHold(): Hold {
  const held = useRef<Press | null>(null)
  useEffect(() => () => clearTimeout(held.current?.timer), [])
  return useRef<Hold>({
    press: (key, { short, long }) => {
      clearTimeout(held.current?.timer)
      const press: Press = { key, short, timer: undefined }
      press.timer = setTimeout(() => {
        press.timer = undefined
        long()
      }, LONG_PRESS)
      held.current = press
    },
    release: key => {
      if (held.current?.key !== key) return
      const { timer, short } = held.current
      held.current = null
      if (timer === undefined) return
      clearTimeout(timer)
      short()
    },
    owns: key => held.current?.key === key,
  }).current
}
