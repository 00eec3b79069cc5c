import { callApi } from '@/components/shell/api'
import type { PlaybackInput, PlaybackView, PrewarmInput, PrewarmView, TouchInput, TouchView } from '@/lib/playback/schema'

/** The playback protocol of our server. Replaceable, so that the engine can be driven without one. */
export interface PlaybackApi {
  open: (input: PlaybackInput) => Promise<PlaybackView>
  /** Has a channel received before anybody asks for it, and its session opened. */
  prewarm: (input: PrewarmInput) => Promise<PrewarmView>
  touch: (sessionId: string, touch: TouchInput) => Promise<TouchView>
  close: (sessionId: string) => Promise<void>
  /** For the moment the page goes away, when nothing can be awaited. */
  closeNow: (sessionId: string, touch: TouchInput) => void
}

export const playbackApi: PlaybackApi = {
  open: input => callApi<PlaybackView>('POST', '/api/playback', input),
  prewarm: input => callApi<PrewarmView>('POST', '/api/playback/prewarm', input),
  touch: async (sessionId, touch) =>
    (await callApi<TouchView | undefined>('POST', `/api/playback/${sessionId}/touch`, touch)) ?? {},
  close: sessionId => callApi<void>('DELETE', `/api/playback/${sessionId}`),
  closeNow: (sessionId, touch) => {
    const body = new Blob([JSON.stringify(touch)], { type: 'application/json' })
    navigator.sendBeacon(`/api/playback/${sessionId}/close`, body)
  },
}
