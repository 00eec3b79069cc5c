'use client'

import { useEffect } from 'react'
import { createRepeater, readHeld } from './gamepad-keys'

function press(key: string): void {
  const target = document.activeElement ?? document.body
  for (const type of ['keydown', 'keyup']) target.dispatchEvent(new KeyboardEvent(type, { key, bubbles: true, cancelable: true }))
}

/** A gamepad speaks the language of the keyboard, so that everything that keys reach it reaches too. */
export function useGamepad(): void {
  useEffect(() => {
    if (!navigator.getGamepads) return
    const repeat = createRepeater()
    let frame = 0
    const look = () => {
      const pads = navigator.getGamepads().filter(pad => pad !== null)
      if (pads.length === 0) {
        frame = 0
        return
      }
      for (const key of repeat(new Set(pads.flatMap(pad => [...readHeld(pad)])), performance.now())) press(key)
      frame = requestAnimationFrame(look)
    }
    const begin = () => {
      if (frame === 0) frame = requestAnimationFrame(look)
    }
    begin()
    window.addEventListener('gamepadconnected', begin)
    return () => {
      cancelAnimationFrame(frame)
      window.removeEventListener('gamepadconnected', begin)
    }
  }, [])
}
