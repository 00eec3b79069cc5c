import type { PlaybackView } from '@/lib/playback/schema'
import type { Supply } from './supply'

/** One line of a menu: quality, audio or subtitles. */
export interface Choice {
  key: string
  label: string
  active: boolean
  /** Of audio and subtitles; empty when nobody knows it. */
  language?: string
}

export interface StreamChoices {
  qualities: readonly Choice[]
  /** Quality is picked by the player. */
  automatic: boolean
  audio: readonly Choice[]
  subtitles: readonly Choice[]
}

export interface StreamFigures {
  codecs: string
  width: number
  height: number
  /** Bits per second; 0 when unknown. */
  bandwidth: number
  streamBandwidth: number
  droppedFrames: number
  decodedFrames: number
  stalls: number
  /** Seconds behind the broadcast; null for films. */
  latency: number | null
  /** What keeps the next part of it away at the moment; null: not known. */
  supply: Supply | null
}

/**
 * A channel that is cut into segments here, one that comes in its provider's own playlist, a programme from a channel's archive, or a
 * film.
 */
export type StreamShape = 'live' | 'passed-on' | 'replay' | 'film'

export const isChannel = (shape: StreamShape): boolean => shape === 'live' || shape === 'passed-on'

export interface TimeRange {
  start: number
  end: number
}

/** What the controller needs from whatever brings the bytes into the video element. */
export interface Stream {
  /** How what is loaded or prepared next is unlocked. */
  protect?: (drm: PlaybackView['drm']) => void
  /** Fetches the beginning while something else still plays; a load of the same address then starts from it. */
  prepare?: (url: string, mimeType: string, startSeconds: number | null) => Promise<void>
  load: (url: string, mimeType: string, startSeconds: number | null) => Promise<void>
  /** What plays goes on under this address: the one it was loaded with is about to run out. */
  renew?: (url: string) => void
  /** Ends what plays but stays with the video element, ready for the next address. */
  stop: () => Promise<void>
  /** Lets go of the video element. */
  release: () => Promise<void>
  /** Called while it plays, with the seconds that are buffered ahead. */
  pace: (ahead: number) => void
  destroy: () => Promise<void>
  seekRange: () => TimeRange | null
  choices: () => StreamChoices
  figures: () => StreamFigures
  pickQuality: (key: string | null) => void
  pickAudio: (key: string) => void
  pickSubtitles: (key: string | null) => void
}

export const noChoices: StreamChoices = { qualities: [], automatic: true, audio: [], subtitles: [] }
