import { failureOfMedia } from './failure'
import type { StreamEvents } from './shaka-stream'
import { noChoices, type Stream } from './stream-shapes'

function loadMetadata(video: HTMLVideoElement, url: string, startSeconds: number | null, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    video.addEventListener('loadedmetadata', () => resolve(), { once: true, signal })
    video.addEventListener('error', () => reject(failureOfMedia(video.error)), { once: true, signal })
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    // The fragment makes the browser ask for the right bytes first instead of seeking after the start.
    video.src = startSeconds ? `${url}#t=${startSeconds}` : url
    video.load()
  })
}

/** A progressive file: the browser itself asks for byte ranges. */
export function createFileStream(video: HTMLVideoElement, events: StreamEvents): Stream {
  let turn = new AbortController()
  const stop = () => {
    turn.abort()
    turn = new AbortController()
  }
  const clear = () => {
    stop()
    video.removeAttribute('src')
    video.load()
  }
  return {
    load: async (url, _mimeType, startSeconds) => {
      stop()
      const { signal } = turn
      await loadMetadata(video, url, startSeconds, signal)
      video.addEventListener('error', () => events.onFailure(failureOfMedia(video.error)), { signal })
      events.onTracks()
    },
    stop: async () => clear(),
    release: async () => clear(),
    pace: () => {},
    destroy: async () => stop(),
    seekRange: () => (Number.isFinite(video.duration) ? { start: 0, end: video.duration } : null),
    choices: () => noChoices,
    figures: () => {
      const quality = video.getVideoPlaybackQuality?.()
      return {
        codecs: '',
        width: video.videoWidth,
        height: video.videoHeight,
        bandwidth: 0,
        streamBandwidth: 0,
        droppedFrames: quality?.droppedVideoFrames ?? 0,
        decodedFrames: quality?.totalVideoFrames ?? 0,
        stalls: 0,
        latency: null,
      }
    },
    pickQuality: () => {},
    pickAudio: () => {},
    pickSubtitles: () => {},
  }
}
