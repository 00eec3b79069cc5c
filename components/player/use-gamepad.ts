'use client'

import { useEffect, useSyncExternalStore } from 'react'
import { createRepeater, readHeld } from './gamepad-keys'

const listPads = (): Gamepad[] => (navigator.getGamepads?.() ?? []).filter(pad => pad !== null)

function send(type: 'keydown' | 'keyup', init: KeyboardEventInit): void {
  const target = document.activeElement ?? document.body
  target.dispatchEvent(new KeyboardEvent(type, { ...init, bubbles: true, cancelable: true }))
}

function subscribe(listener: () => void): () => void {
  const names = ['gamepadconnected', 'gamepaddisconnected']
  for (const name of names) window.addEventListener(name, listener)
  return () => {
    for (const name of names) window.removeEventListener(name, listener)
  }
}

/** True while there is a gamepad: browsers show it to the page with the first button that is pressed. */
export const useHasGamepad = (): boolean =>
  useSyncExternalStore(
    subscribe,
    () => listPads().length > 0,
    () => false,
  )

/** A gamepad speaks the language of the keyboard, so that everything that keys reach it reaches too. */
export function useGamepad(): void {
  useEffect(() => {
    const repeat = createRepeater()
    let frame = 0
    const look = () => {
      const pads = listPads()
      if (pads.length === 0) {
        frame = 0
        return
      }
      const { down, up } = repeat(new Set(pads.flatMap(pad => [...readHeld(pad)])), performance.now())
      for (const key of up) send('keyup', { key })
      for (const init of down) send('keydown', init)
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
