'use client'

import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { type RefObject, useEffect, useState } from 'react'
import { historyQuery, homeQuery, ROOM } from '@/components/catalogue/queries'
import { type PlaybackApi, playbackApi } from './engine/playback-api'
import { createPlayer, type Player } from './engine/player'

interface Elements {
  video: RefObject<HTMLVideoElement | null>
  still: RefObject<HTMLCanvasElement | null>
  subtitles: RefObject<HTMLElement | null>
}

/** Once the last position is written, the screens one returns to ask again: Play has become Resume. */
function createTellingApi(client: QueryClient): PlaybackApi {
  return {
    ...playbackApi,
    close: async sessionId => {
      await playbackApi.close(sessionId)
      for (const queryKey of [[ROOM, 'title'], homeQuery.queryKey, historyQuery.queryKey])
        void client.invalidateQueries({ queryKey })
    },
  }
}

/** One engine for as long as the screen is there; it begins at once with the first item. */
export function usePlayer({ video, still, subtitles }: Elements, firstItemId: number, firstFrom: string | null): Player | null {
  const client = useQueryClient()
  const [player, setPlayer] = useState<Player | null>(null)
  useEffect(() => {
    if (!video.current) return
    const made = createPlayer(video.current, {
      still: still.current,
      subtitles: subtitles.current,
      api: createTellingApi(client),
    })
    made.open(firstFrom === null ? { itemId: firstItemId } : { itemId: firstItemId, from: firstFrom })
    setPlayer(made)
    return () => made.destroy()
  }, [video, still, subtitles, firstItemId, firstFrom, client])
  return player
}
