import type { PlayerPreferences } from './preferences'

export type SoundShape = Pick<PlayerPreferences, 'nightMode' | 'levelling' | 'stereo'>

/** Where speech usually lies, in dB under full scale, and how far the slow gain may go to bring it there. */
const TARGET_DB = -23
const MOST_GAIN = 4
const LEAST_GAIN = 0.25
/** Below this nothing is said: silence is not made loud. */
const SILENCE_DB = -55
const LOOK_MS = 250
/** Seconds in which the gain follows. */
const SLOW = 2.5

/** The gain that brings so loud a sound to the target, a step at a time. Pure; `db` is the loudness before the gain. */
export function nextGain(gain: number, db: number): number {
  if (db < SILENCE_DB) return gain
  const wanted = Math.min(MOST_GAIN, Math.max(LEAST_GAIN, 10 ** ((TARGET_DB - db) / 20)))
  return gain + (wanted - gain) * (1 - Math.exp(-LOOK_MS / 1_000 / SLOW))
}

/** Loudness of samples in dB under full scale. */
export function loudnessOf(samples: Float32Array): number {
  const sum = samples.reduce((total, sample) => total + sample * sample, 0)
  return 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12)
}

export interface SoundGraph {
  set: (shape: SoundShape) => void
  close: () => void
}

/**
 * The sound of a video element on a way of its own: leveller, compressor, and down to two speakers. An element that has been
 * put on it stays on it for good, so it is made when somebody first asks for one of them.
 */
export function createSoundGraph(video: HTMLMediaElement): SoundGraph {
  const context = new AudioContext({ latencyHint: 'playback' })
  const source = context.createMediaElementSource(video)
  const analyser = context.createAnalyser()
  const level = context.createGain()
  const mix = context.createGain()
  const night = context.createDynamicsCompressor()
  night.threshold.value = -38
  night.knee.value = 24
  night.ratio.value = 8
  night.attack.value = 0.005
  night.release.value = 0.4
  source.connect(analyser)
  source.connect(level)
  level.connect(mix)
  let isLevelling = false
  const samples = new Float32Array(analyser.fftSize)
  const timer = setInterval(() => {
    if (context.state === 'suspended' && !video.paused) void context.resume().catch(() => {})
    if (!isLevelling || video.paused || video.muted || video.volume === 0) return
    analyser.getFloatTimeDomainData(samples)
    // The element's own volume lies before this: what the viewer turns down is not turned up again.
    const db = loudnessOf(samples) - 20 * Math.log10(video.volume)
    level.gain.setTargetAtTime(nextGain(level.gain.value, db), context.currentTime, LOOK_MS / 1_000)
  }, LOOK_MS)

  return {
    set: ({ nightMode, levelling, stereo }) => {
      isLevelling = levelling
      if (!levelling) level.gain.setTargetAtTime(1, context.currentTime, 0.1)
      mix.disconnect()
      night.disconnect()
      mix.channelCount = 2
      mix.channelCountMode = stereo ? 'explicit' : 'max'
      mix.channelInterpretation = 'speakers'
      if (nightMode) mix.connect(night).connect(context.destination)
      else mix.connect(context.destination)
    },
    close: () => {
      clearInterval(timer)
      void context.close().catch(() => {})
    },
  }
}
