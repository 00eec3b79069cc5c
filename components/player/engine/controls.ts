import { isLive, type PlayerSnapshot, replayLength } from './player-snapshot'
import { rememberSound } from './remembered-sound'
import type { Store } from './store'
import type { StreamFigures } from './stream-shapes'
import type { Streams } from './streams'
import type { TrackKeeper } from './track-memory'
import { readRanges } from './video-watch'

export const speeds: readonly number[] = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]

/** Everything a viewer can do with the stream that plays. */
export interface PlayerControls {
  play: () => void
  pause: () => void
  toggle: () => void
  seek: (seconds: number) => void
  seekBy: (seconds: number) => void
  goLive: () => void
  setVolume: (volume: number) => void
  setMuted: (muted: boolean) => void
  /** Lets only this share of the volume through; what the viewer set stays as it is. */
  fade: (share: number) => void
  setSpeed: (speed: number) => void
  pickQuality: (key: string | null) => void
  pickAudio: (key: string) => void
  pickSubtitles: (key: string | null) => void
  /** Adds a subtitle file and shows it; a sentence when it cannot be shown. */
  addSubtitleFile: (file: File) => Promise<string | null>
  /** Shifts that file by seconds. */
  shiftSubtitles: (seconds: number) => void
  /** Off, then each track in turn. */
  cycleSubtitles: () => void
  figures: () => StreamFigures | null
}

interface Seams {
  video: HTMLVideoElement
  store: Store<PlayerSnapshot>
  streams: Streams
  tracks: TrackKeeper
  /** Whether the viewer wants it to run, also while nothing is loaded yet. */
  onWish: (wantsPlay: boolean) => void
}

/** Starts with sound where the browser allows it, and without rather than not at all. */
function startPlay({ video, store }: Seams): void {
  video.play().catch((error: unknown) => {
    if (!(error instanceof DOMException) || error.name !== 'NotAllowedError' || video.muted) return
    video.muted = true
    store.set({ soundBlocked: true })
    video.play().catch(() => {})
  })
}

function createSeeking({ video, store, streams, tracks }: Seams): Pick<PlayerControls, 'seek' | 'seekBy' | 'goLive'> {
  const seek = (seconds: number) => {
    const { window, duration } = store.get()
    const start = window?.start ?? 0
    const end = window?.end ?? duration
    if (end <= start) return
    const before = video.currentTime
    video.currentTime = Math.min(Math.max(seconds, start), isLive(store.get()) ? end : Math.max(start, end - 0.25))
    store.set({ position: video.currentTime })
    tracks.moved(before, video.currentTime)
  }
  return {
    seek,
    seekBy: seconds => seek(video.currentTime + seconds),
    goLive: () => {
      const range = streams.current()?.seekRange()
      if (range) video.currentTime = range.end
      if (video.paused) video.play().catch(() => {})
    },
  }
}

function createSound({ video, store }: Seams): Pick<PlayerControls, 'setVolume' | 'setMuted' | 'fade'> {
  return {
    fade: share => {
      if (share === store.get().fade) return
      store.set({ fade: share })
      video.volume = store.get().volume * share
    },
    setVolume: volume => {
      video.volume = Math.min(1, Math.max(0, volume))
      video.muted = video.volume === 0
      store.set({ soundBlocked: false })
    },
    setMuted: muted => {
      video.muted = muted
      if (!muted && video.volume < 0.05) video.volume = 0.5
      store.set({ soundBlocked: false })
    },
  }
}

type TrackControls = 'pickQuality' | 'pickAudio' | 'pickSubtitles' | 'addSubtitleFile' | 'shiftSubtitles' | 'cycleSubtitles'

function createTracks({ store, streams, tracks }: Seams): Pick<PlayerControls, TrackControls> {
  return {
    pickQuality: key => streams.current()?.pickQuality(key),
    pickAudio: tracks.pickAudio,
    pickSubtitles: tracks.pickSubtitles,
    addSubtitleFile: tracks.addSubtitleFile,
    shiftSubtitles: tracks.shiftSubtitles,
    cycleSubtitles: () => {
      const { subtitles } = store.get().choices
      const at = subtitles.findIndex(choice => choice.active)
      tracks.pickSubtitles(subtitles[at + 1]?.key ?? null)
    },
  }
}

export function createControls(seams: Seams): PlayerControls {
  const { video, store, streams } = seams
  const play = () => {
    seams.onWish(true)
    const { window, position } = store.get()
    // After a pause longer than the window the server has forgotten what would come next.
    if (video.paused && isLive(store.get()) && window && position < window.start) video.currentTime = window.end
    if (video.readyState > HTMLMediaElement.HAVE_NOTHING) startPlay(seams)
  }
  const pause = () => {
    seams.onWish(false)
    video.autoplay = false
    video.pause()
  }
  return {
    play,
    pause,
    toggle: () => (video.paused ? play() : pause()),
    ...createSeeking(seams),
    ...createSound(seams),
    setSpeed: speed => {
      video.defaultPlaybackRate = speed
      video.playbackRate = speed
      store.set({ speed })
    },
    ...createTracks(seams),
    figures: () => streams.current()?.figures() ?? null,
  }
}

function bufferedAhead(video: HTMLVideoElement): number {
  const range = readRanges(video.buffered).find(one => one.start <= video.currentTime + 0.1 && one.end >= video.currentTime)
  return range ? range.end - video.currentTime : 0
}

export function readTime({ video, store, streams, tracks }: Omit<Seams, 'onWish'>): void {
  if (!video.paused && video.readyState > HTMLMediaElement.HAVE_METADATA) streams.current()?.pace(bufferedAhead(video))
  tracks.passed(video.currentTime)
  const live = isLive(store.get())
  store.set({
    position: video.currentTime,
    duration: replayLength(store.get()) ?? (!live && Number.isFinite(video.duration) ? video.duration : 0),
    window: streams.current()?.seekRange() ?? null,
    buffered: readRanges(video.buffered),
  })
}

export function readSound({ video, store }: Pick<Seams, 'video' | 'store'>): void {
  // Sound that goes down by itself is nobody's choice.
  if (store.get().fade < 1) return
  const { volume, muted } = video
  store.set({ volume, muted })
  // Silence that the browser forced is not the viewer's habit.
  if (!store.get().soundBlocked) rememberSound({ volume, muted })
}
