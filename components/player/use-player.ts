'use client'

import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { type RefObject, useEffect, useState } from 'react'
import { historyQuery, homeQuery, ROOM } from '@/components/catalogue/queries'
import { withDataSaver } from './data-saver'
import { type PlaybackApi, playbackApi } from './engine/playback-api'
import { createPlayer, type Player } from './engine/player'
import { reportQuality } from './engine/quality-report'
import { attachPlayer, getPlayerHost } from './player-host-store'
import { trackMemory } from './remembered-tracks'

interface Elements {
  video: RefObject<HTMLVideoElement | null>
  still: RefObject<HTMLCanvasElement | null>
  subtitles: RefObject<HTMLElement | null>
}

/** Once a position is written, the screens that show it ask again: Play has become Resume. A channel has none. */
function createTellingApi(client: QueryClient): PlaybackApi {
  const live = new Set<string>()
  const tell = (refetchType: 'active' | 'none' = 'active') => {
    for (const queryKey of [[ROOM, 'title'], homeQuery.queryKey, historyQuery.queryKey])
      void client.invalidateQueries({ queryKey, refetchType })
  }
  return {
    ...playbackApi,
    open: async input => {
      const view = await playbackApi.open(input)
      if (view.live) live.add(view.sessionId)
      return view
    },
    prewarm: async input => {
      const view = await playbackApi.prewarm(input)
      if (view.session) live.add(view.session.sessionId)
      return view
    },
    touch: async (sessionId, touch) => {
      const answer = await playbackApi.touch(sessionId, touch)
      if (getPlayerHost().docked && touch.durationSeconds > 0) tell()
      return answer
    },
    close: async sessionId => {
      await playbackApi.close(sessionId)
      tell(live.delete(sessionId) ? 'none' : 'active')
    },
  }
}

/** One engine for as long as anything plays; it begins at once with what the page asked for. */
export function usePlayer({ video, still, subtitles }: Elements): Player | null {
  const client = useQueryClient()
  const [player, setPlayer] = useState<Player | null>(null)
  useEffect(() => {
    if (!video.current) return
    const made = createPlayer(video.current, {
      still: still.current,
      subtitles: subtitles.current,
      api: withDataSaver(createTellingApi(client)),
      memory: trackMemory,
    })
    const stopReports = reportQuality(made)
    const detach = attachPlayer(made)
    setPlayer(made)
    return () => {
      stopReports()
      detach()
      made.destroy()
    }
  }, [video, still, subtitles, client])
  return player
}
