'use client'

import { createContext, use, useSyncExternalStore } from 'react'
import type { ItemCard, ItemPageView } from '@/lib/catalogue/schema'
import type { PlaybackView } from '@/lib/playback/schema'
import type { Player } from './engine/player'
import type { PlayerSnapshot } from './engine/player-snapshot'
import type { LineUp } from './use-line-up'

export type Layer =
  | 'channels'
  | 'miniGuide'
  | 'recent'
  | 'options'
  | 'settings'
  | 'captions'
  | 'sleep'
  | 'sound'
  | 'saver'
  | 'diagnosis'
  | 'sources'
  | 'statistics'
  | 'keys'
  | 'help'

/** What follows at the end: an episode, a programme of the archive, or the channel as it is now. */
export interface NextUp {
  key: string
  /** "Next episode · S1 E2". */
  label: string
  name: string
  image: string | null
  go: () => void
}

/** What every part of the player screen may ask and do. */
export interface Scene {
  player: Player
  itemId: number
  /** As much as is known: at once what the list said, later the whole page. */
  card: ItemCard | null
  page: ItemPageView | null
  /** A channel, live or from its archive. */
  channel: boolean
  live: boolean
  /** The moment from which a channel's archive is replayed; null for everything else. */
  from: string | null
  /** What is replayed, once the server has said so. */
  programme: PlaybackView['catchUp']
  /** Replays the channel, or another one, from a moment on, or returns to what it sends now. */
  replay: (from: string | null, itemId?: number) => void
  /** When the running programme of a live channel began, if it can be had from the start. */
  startOfNow: string | null
  lineUp: LineUp
  /** What comes by itself at the end. */
  next: NextUp | null
  layer: Layer | null
  show: (layer: Layer | null) => void
  /** The channel of which more was asked for. */
  optionsOf: number
  showOptions: (channelId: number) => void
  /** Another item in the same video element. */
  go: (itemId: number) => void
  zap: (step: number) => void
  leave: () => void
  /** In the corner of another page. */
  docked: boolean
  /** From the corner back to the whole screen. */
  undock: () => void
  /** Channels watched last, without the one that plays. */
  recent: readonly number[]
  /** Full screen. */
  full: boolean
  toggleFullScreen: () => void
  /** All of the picture with bars, or a full screen without its edges. */
  setFit: (fit: 'fill' | 'whole') => void
}

export const SceneContext = createContext<Scene | null>(null)

export function useScene(): Scene {
  const scene = use(SceneContext)
  if (!scene) throw new Error('The player screen is not around this component')
  return scene
}

/** One fact of the running player. The selector must return the same object for the same state. */
export function usePlayerState<T>(player: Player, select: (state: PlayerSnapshot) => T): T {
  const read = () => select(player.getSnapshot())
  return useSyncExternalStore(player.subscribe, read, read)
}
