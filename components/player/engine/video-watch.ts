import type { PhaseEvent } from './phase'
import type { TimeRange } from './stream-shapes'

export interface VideoNews {
  onPhase: (event: PhaseEvent) => void
  onTime: () => void
  onSound: () => void
  onSettled: () => void
}

const phaseEvents: Readonly<Record<string, PhaseEvent>> = {
  playing: 'moving',
  pause: 'halted',
  waiting: 'starved',
  ended: 'finished',
}

/** Reports what the video element does until the signal ends it. */
export function watchVideo(video: HTMLVideoElement, news: VideoNews, signal: AbortSignal): void {
  for (const [name, event] of Object.entries(phaseEvents)) {
    video.addEventListener(name, () => news.onPhase(event), { signal })
  }
  for (const name of ['timeupdate', 'progress', 'durationchange', 'seeking', 'seeked', 'ratechange']) {
    video.addEventListener(name, news.onTime, { signal })
  }
  for (const name of ['pause', 'seeked', 'ended']) video.addEventListener(name, news.onSettled, { signal })
  video.addEventListener('volumechange', news.onSound, { signal })
}

export function readRanges(ranges: TimeRanges): TimeRange[] {
  return Array.from({ length: ranges.length }, (_, at) => ({ start: ranges.start(at), end: ranges.end(at) }))
}

/** Calls back with the first picture of the next stream, not with a late one of the stream before. */
export function onFirstFrame(video: HTMLVideoElement, call: () => void, signal: AbortSignal): void {
  const wait = () => {
    const id = video.requestVideoFrameCallback(call)
    signal.addEventListener('abort', () => video.cancelVideoFrameCallback(id), { once: true })
  }
  if (video.readyState === HTMLMediaElement.HAVE_NOTHING) wait()
  else video.addEventListener('emptied', wait, { once: true, signal })
}

/** Puts the present picture on the canvas, so that the screen need not go black between two streams. */
export function captureStill(video: HTMLVideoElement, canvas: HTMLCanvasElement | null): boolean {
  if (!canvas || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || video.videoWidth === 0) return false
  const scale = Math.min(1, 1280 / video.videoWidth)
  canvas.width = Math.round(video.videoWidth * scale)
  canvas.height = Math.round(video.videoHeight * scale)
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height)
  return true
}
