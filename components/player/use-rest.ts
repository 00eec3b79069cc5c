'use client'

import { useEffect, useEffectEvent } from 'react'
import { SECOND } from '@/lib/kernel/time'
import type { Player } from './engine/player'
import { isLive } from './engine/player-snapshot'
import { beginRest, forgetOldSleep, getRestState, judgeRest, noteInput } from './rest'

/** The sleep timer, and the question whether anybody still watches. */
export function useRest(player: Player): void {
  const look = useEffectEvent(() => {
    const snapshot = player.getSnapshot()
    const playing = snapshot.phase === 'playing' || snapshot.phase === 'buffering' || snapshot.phase === 'loading'
    const { loudness, rest } = judgeRest(getRestState(), { at: Date.now(), live: isLive(snapshot), playing })
    if (getRestState().rest !== null) return
    player.controls.fade(loudness)
    if (rest === null) return
    beginRest(rest)
    // Whoever sleeps needs no connection.
    void player.close()
    player.controls.fade(1)
  })
  useEffect(() => {
    // A timer that ran out while nothing played has nothing to end.
    forgetOldSleep()
    const timer = setInterval(() => look(), SECOND / 2)
    const end = new AbortController()
    const options = { signal: end.signal, passive: true, capture: true }
    for (const name of ['keydown', 'pointerdown', 'wheel']) window.addEventListener(name, noteInput, options)
    // Browsers report a move without any way when the page changes under a pointer that lies still.
    window.addEventListener('pointermove', event => (event.movementX || event.movementY) && noteInput(), options)
    return () => {
      clearInterval(timer)
      end.abort()
    }
  }, [])
}
