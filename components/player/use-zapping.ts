'use client'

import { useEffect, useRef, useState } from 'react'
import type { Player } from './engine/player'
import { getPlayerHost, movePlayer, type Place, usePlayerHost } from './player-host-store'
import { getPreferences, setPreferences, usePreferences } from './preferences'
import { noteRecent } from './zap-order'

/** Zaps that follow faster than this are gathered: only the channel one rests on is opened. */
const PACE = 280

export interface Zapping extends Place {
  /** The channel before this one, on this device. */
  previousId: number | null
  go: (itemId: number, isChannel: boolean) => void
  /** The same channel, or another one, from a moment on, or live. */
  replay: (from: string | null, itemId?: number) => void
}

const nowhere: Place = { itemId: 0, from: null }
const toWish = ({ itemId, from }: Place) => (from === null ? { itemId } : { itemId, from })
const remember = (itemId: number) => setPreferences({ recent: noteRecent(getPreferences().recent, itemId) })

/** Which item plays. The address follows without a new page, so that the video element and its player stay. */
export function useZapping(player: Player | null): Zapping {
  const { place: current } = usePlayerHost()
  // For the moment in which the host has ended and this has not yet gone.
  const [place, setPlace] = useState(current ?? nowhere)
  if (current && current !== place) setPlace(current)
  const { recent } = usePreferences()
  const last = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  const move = (next: Place) => {
    movePlayer(next)
    clearTimeout(timer.current)
    if (getPlayerHost().docked) return
    const query = next.from === null ? '' : `?from=${encodeURIComponent(next.from)}`
    window.history.replaceState(window.history.state, '', `/watch/${next.itemId}${query}`)
  }
  const go = (itemId: number, isChannel: boolean) => {
    if (!player || (itemId === place.itemId && place.from === null)) return
    if (isChannel) {
      remember(place.itemId)
      remember(itemId)
    }
    const next = { itemId, from: null }
    move(next)
    const now = performance.now()
    const calm = now - last.current > PACE
    last.current = now
    if (calm) player.open(toWish(next))
    else timer.current = setTimeout(() => player.open(toWish(next)), PACE)
  }
  const replay = (from: string | null, itemId = place.itemId) => {
    const next = { itemId, from }
    if (itemId !== place.itemId) for (const id of [place.itemId, itemId]) remember(id)
    move(next)
    player?.open(toWish(next))
  }
  return { ...place, previousId: recent.find(id => id !== place.itemId) ?? null, go, replay }
}
