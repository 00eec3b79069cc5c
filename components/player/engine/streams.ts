import type { PlaybackView } from '@/lib/playback/schema'
import type { Failure } from './failure'
import { createFileStream } from './file-stream'
import { createShakaStream } from './shaka-stream'
import { createSideTitles, type SideTitles } from './side-titles'
import { noChoices, type Stream, type StreamChoices, type StreamShape } from './stream-shapes'

interface StreamsNews {
  shape: () => StreamShape
  onFailure: (failure: Failure) => void
  onTracks: () => void
}

export interface Streams {
  current: () => Stream | null
  /** Subtitles that do not come from the stream. */
  titles: SideTitles
  /** What there is to choose from, with the subtitles that do not come from the stream. */
  choices: () => StreamChoices
  pickSubtitles: (key: string | null) => void
  /** The stream for this mode, with the video element to itself. */
  take: (mode: 'hls' | 'file') => Promise<Stream>
  /** Fetches the beginning of what comes next, while the stream there is goes on. Never rejects. */
  prepare: (view: Pick<PlaybackView, 'url' | 'mimeType' | 'drm'>, startSeconds: number | null) => Promise<void>
  /** Ends what plays; its picture may go at once, its way to play stays. */
  stop: () => void
  unload: () => Promise<void>
  destroy: () => Promise<void>
}

/** Older iPhones have no MediaSource but read playlists themselves. */
function playsThroughMediaSource(): boolean {
  return 'MediaSource' in window || 'ManagedMediaSource' in window
}

/** Both ways to feed one video element; each is made once and kept. */
export function createStreams(video: HTMLVideoElement, subtitles: HTMLElement | null, news: StreamsNews): Streams {
  const file = createFileStream(video, news)
  const titles = createSideTitles(video, subtitles)
  let shaka: Promise<Stream> | undefined
  let current: Stream | null = null
  let destroyed = false

  return {
    current: () => current,
    titles,
    choices: () => titles.merge(current?.choices() ?? noChoices),
    pickSubtitles: key => {
      current?.pickSubtitles(titles.pick(key) ? null : key)
      news.onTracks()
    },
    take: async mode => {
      let next = file
      if (mode === 'hls' && playsThroughMediaSource()) {
        shaka ??= createShakaStream(video, subtitles, news.shape, news)
        next = await shaka
      }
      const before = current
      if (destroyed) await next.destroy()
      current = next
      if (before && before !== next) await before.release()
      return next
    },
    prepare: async ({ url, mimeType, drm }, startSeconds) => {
      current?.protect?.(drm)
      await current?.prepare?.(url, mimeType, startSeconds).catch(() => {})
    },
    stop: () => {
      titles.rest()
      void current?.stop().catch(() => {})
    },
    unload: async () => {
      titles.rest()
      const before = current
      current = null
      await before?.release()
    },
    destroy: async () => {
      destroyed = true
      titles.rest()
      current = null
      await file.destroy()
      const made = await shaka
      await made?.destroy()
    },
  }
}
