'use client'

import { useEffect, useRef, useState } from 'react'
import { createStoredChoice } from '@/components/shell/stored-choice'
import type { Player } from './engine/player'

/** Zaps that follow faster than this are gathered: only the channel one rests on is opened. */
const PACE = 280

const previous = createStoredChoice('wtf.previous-channel', '')

export interface Zapping {
  currentId: number
  /** The channel before this one, on this device. */
  previousId: number | null
  go: (itemId: number, live: boolean) => void
}

/** Which item plays. The address follows without a new page, so that the video element and its player stay. */
export function useZapping(firstItemId: number, player: Player | null): Zapping {
  const [currentId, setCurrentId] = useState(firstItemId)
  const previousId = Number(previous.useValue())
  const last = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  const go = (itemId: number, live: boolean) => {
    if (!player || itemId === currentId) return
    if (live) previous.set(String(currentId))
    setCurrentId(itemId)
    window.history.replaceState(window.history.state, '', `/watch/${itemId}`)
    clearTimeout(timer.current)
    const now = performance.now()
    const calm = now - last.current > PACE
    last.current = now
    if (calm) player.open({ itemId })
    else timer.current = setTimeout(() => player.open({ itemId }), PACE)
  }
  return { currentId, previousId: previousId > 0 && previousId !== currentId ? previousId : null, go }
}
