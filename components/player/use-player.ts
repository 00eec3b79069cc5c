'use client'

import { type RefObject, useEffect, useState } from 'react'
import { createPlayer, type Player } from './engine/player'

interface Elements {
  video: RefObject<HTMLVideoElement | null>
  still: RefObject<HTMLCanvasElement | null>
  subtitles: RefObject<HTMLElement | null>
}

/** One engine for as long as the screen is there; it begins at once with the first item. */
export function usePlayer({ video, still, subtitles }: Elements, firstItemId: number): Player | null {
  const [player, setPlayer] = useState<Player | null>(null)
  useEffect(() => {
    if (!video.current) return
    const made = createPlayer(video.current, { still: still.current, subtitles: subtitles.current })
    made.open({ itemId: firstItemId })
    setPlayer(made)
    return () => made.destroy()
  }, [video, still, subtitles, firstItemId])
  return player
}
