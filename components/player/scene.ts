'use client'

import { createContext, use, useSyncExternalStore } from 'react'
import type { EpisodeView, ItemCard, ItemPageView } from '@/lib/catalogue/schema'
import type { Player } from './engine/player'
import type { PlayerSnapshot } from './engine/player-snapshot'
import type { LineUp } from './use-line-up'

export type Layer = 'channels' | 'settings' | 'sources' | 'statistics' | 'help'

/** What every part of the player screen may ask and do. */
export interface Scene {
  player: Player
  itemId: number
  /** As much as is known: at once what the list said, later the whole page. */
  card: ItemCard | null
  page: ItemPageView | null
  live: boolean
  lineUp: LineUp
  nextEpisode: EpisodeView | null
  layer: Layer | null
  show: (layer: Layer | null) => void
  /** Another item in the same video element. */
  go: (itemId: number) => void
  zap: (step: number) => void
  leave: () => void
  /** Full screen. */
  full: boolean
  toggleFullScreen: () => void
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
