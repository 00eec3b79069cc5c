'use client'

import { useEffect, useRef, useState } from 'react'
import { createStoredChoice } from '@/components/shell/stored-choice'
import type { Player } from './engine/player'

/** Zaps that follow faster than this are gathered: only the channel one rests on is opened. */
const PACE = 280

const previous = createStoredChoice('wtf.previous-channel', '')

/** An item, or a channel's archive from a moment on (ISO). */
export interface Place {
  itemId: number
  from: string | null
}

export interface Zapping extends Place {
  /** The channel before this one, on this device. */
  previousId: number | null
  go: (itemId: number, isChannel: boolean) => void
  /** The same channel from a moment on, or live. */
  replay: (from: string | null) => void
}

const toWish = ({ itemId, from }: Place) => (from === null ? { itemId } : { itemId, from })

/** Which item plays. The address follows without a new page, so that the video element and its player stay. */
export function useZapping(first: Place, player: Player | null): Zapping {
  const [place, setPlace] = useState(first)
  const previousId = Number(previous.useValue())
  const last = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  const move = (next: Place) => {
    setPlace(next)
    const query = next.from === null ? '' : `?from=${encodeURIComponent(next.from)}`
    window.history.replaceState(window.history.state, '', `/watch/${next.itemId}${query}`)
    clearTimeout(timer.current)
  }
  const go = (itemId: number, isChannel: boolean) => {
    if (!player || (itemId === place.itemId && place.from === null)) return
    if (isChannel && itemId !== place.itemId) previous.set(String(place.itemId))
    const next = { itemId, from: null }
    move(next)
    const now = performance.now()
    const calm = now - last.current > PACE
    last.current = now
    if (calm) player.open(toWish(next))
    else timer.current = setTimeout(() => player.open(toWish(next)), PACE)
  }
  const replay = (from: string | null) => {
    const next = { itemId: place.itemId, from }
    move(next)
    player?.open(toWish(next))
  }
  return { ...place, previousId: previousId > 0 && previousId !== place.itemId ? previousId : null, go, replay }
}
