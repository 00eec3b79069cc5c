import { SECOND } from '@/lib/kernel/time'
import type { PlaybackView, TouchInput } from '@/lib/playback/schema'
import type { Failure } from './failure'
import type { Phase } from './phase'
import { noChoices, type StreamChoices, type StreamShape, type TimeRange } from './stream-shapes'

export interface PlayerSnapshot {
  phase: Phase
  itemId: number | null
  session: PlaybackView | null
  /** Set while `phase` is failed, and while a new try is on its way. */
  failure: Failure | null
  /** Which new try is running; 0 = the first. */
  tried: number
  /** Another source is being fetched while this one still plays. */
  switching: boolean
  /** The last picture of what played before lies on the still canvas. */
  still: boolean
  position: number
  /** 0 while unknown, and for channels. */
  duration: number
  window: TimeRange | null
  buffered: readonly TimeRange[]
  volume: number
  muted: boolean
  /** Share of the volume that is let through, while a sleep timer takes it down. */
  fade: number
  /** The browser refused sound without a gesture, so it runs muted until somebody asks for sound. */
  soundBlocked: boolean
  speed: number
  choices: StreamChoices
  /** Seconds that the viewer's own subtitle file comes later than it says; null while none is shown. */
  subtitleDelay: number | null
  /** From the wish to the first new picture. */
  firstFrameMs: number | null
}

export const initialSnapshot: PlayerSnapshot = {
  phase: 'idle',
  itemId: null,
  session: null,
  failure: null,
  tried: 0,
  switching: false,
  still: false,
  position: 0,
  duration: 0,
  window: null,
  buffered: [],
  volume: 1,
  muted: false,
  fade: 1,
  soundBlocked: false,
  speed: 1,
  choices: noChoices,
  subtitleDelay: null,
  firstFrameMs: null,
}

/** A session whose stream is not there yet. */
export function beginningOf(session: PlaybackView, position: number): Partial<PlayerSnapshot> {
  return { session, position, duration: 0, window: null, buffered: [], choices: noChoices }
}

/** Shorter than this there is little to seek in: the bar of a channel stays away. Keys go back in less. */
const LEAST_WINDOW = 30
/** Closer than this to the newest picture counts as live. */
const LIVE_MARGIN = 12

export function isLive(state: PlayerSnapshot): boolean {
  return state.session?.live === true
}

/** How the stream is to be played. */
export function shapeOf({ session }: PlayerSnapshot): StreamShape {
  if (session?.live) return ['direct', 'hls-proxy'].includes(session.decision.mode) ? 'passed-on' : 'live'
  return session?.catchUp ? 'replay' : 'film'
}

/** Length in seconds of the programme that is replayed; null for everything else. */
export function replayLength({ session }: PlayerSnapshot): number | null {
  const programme = session?.catchUp
  return programme ? (Date.parse(programme.stop) - Date.parse(programme.start)) / SECOND : null
}

/** Where the viewer is, as the server is told; 0 of 0 for a channel. */
export function whereIn({ position, duration }: PlayerSnapshot): TouchInput {
  return duration > 0
    ? { positionSeconds: Math.max(0, position), durationSeconds: duration }
    : { positionSeconds: 0, durationSeconds: 0 }
}

export function canSeek(state: PlayerSnapshot): boolean {
  if (!isLive(state)) return state.duration > 0
  return state.window !== null && state.window.end - state.window.start >= LEAST_WINDOW
}

export function isAtLiveEdge(state: PlayerSnapshot): boolean {
  if (!isLive(state) || !state.window) return true
  return state.window.end - state.position < LIVE_MARGIN
}
