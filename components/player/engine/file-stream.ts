import { SECOND } from '@/lib/kernel/time'
import { type Failure, failureOfAnswer, failureOfMedia } from './failure'
import type { StreamEvents } from './shaka-stream'
import { noChoices, type Stream } from './stream-shapes'

/** `MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED` */
const MEDIA_UNSUPPORTED = 4

/** Browsers say the same of a format that they do not know and of an address that answers with an error: the server knows which. */
export async function explain(error: MediaError | null, url: string): Promise<Failure> {
  const failure = failureOfMedia(error)
  if (error?.code !== MEDIA_UNSUPPORTED) return failure
  const answer = await fetch(url, { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(5 * SECOND) }).catch(
    () => null,
  )
  return answer === null || answer.ok ? failure : failureOfAnswer(answer.status, answer.headers.get('x-error-code'))
}

function loadMetadata(video: HTMLVideoElement, url: string, startSeconds: number | null, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    video.addEventListener('loadedmetadata', () => resolve(), { once: true, signal })
    video.addEventListener('error', () => void explain(video.error, url).then(reject), { once: true, signal })
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
      const onError = async () => {
        const failure = await explain(video.error, url)
        if (!signal.aborted) events.onFailure(failure)
      }
      video.addEventListener('error', () => void onError(), { signal })
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
        supply: null,
      }
    },
    pickQuality: () => {},
    pickAudio: () => {},
    pickSubtitles: () => {},
  }
}
