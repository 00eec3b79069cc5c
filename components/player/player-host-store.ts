import { type ComponentType, useSyncExternalStore } from 'react'
import { SECOND, sleep } from '@/lib/kernel/time'
import type { Player } from './engine/player'
import { createStore } from './engine/store'

/** An item, or a channel's archive from a moment on (ISO). */
export interface Place {
  itemId: number
  from: string | null
}

/** Nobody waits longer for the end of what played, in ms. */
const LONGEST_END = 4 * SECOND

interface HostState {
  /** The player's screen, brought along by the first page that plays: other pages do not carry it. */
  Stage: ComponentType | null
  /** What plays; null when nothing does. */
  place: Place | null
  /** In the corner of another page instead of filling its own. */
  docked: boolean
}

const nothing: HostState = { Stage: null, place: null, docked: false }
const store = createStore<HostState>(nothing)
let player: Player | null = null
let ended: Promise<void> = Promise.resolve()

export const usePlayerHost = (): HostState => useSyncExternalStore(store.subscribe, store.get, () => nothing)
export const getPlayerHost = store.get

const isSame = (one: Place | null, other: Place) => one?.itemId === other.itemId && one.from === other.from
const toWish = ({ itemId, from }: Place) => (from === null ? { itemId } : { itemId, from })

/** A page of the player opens: what is named plays and fills the screen. What plays already goes on as it is. */
export function showPlayer(Stage: ComponentType, place: Place): void {
  const playsAlready = isSame(store.get().place, place)
  store.set({ Stage, place, docked: false })
  if (!playsAlready) player?.open(toWish(place))
}

/** The page of the player is left: what plays goes on in the corner, what stands still ends. */
export function leavePlayer(): void {
  const { phase = 'idle' } = player?.getSnapshot() ?? {}
  if (phase === 'playing' || phase === 'buffering') {
    store.set({ docked: true })
    player?.note()
  } else void endPlayer()
  if (document.fullscreenElement) document.exitFullscreen().catch(() => {})
}

/** Resolves when the server has what it held back, or should have. */
export function endPlayer(): Promise<void> {
  ended = Promise.race([Promise.all([ended, player?.close()]), sleep(LONGEST_END)]).then(() => {})
  store.set(nothing)
  return ended
}

/** Another item in the same player, chosen within it. */
export function movePlayer(place: Place): void {
  store.set({ place })
}

export function attachPlayer(made: Player): () => void {
  player = made
  const { place } = store.get()
  if (place) made.open(toWish(place))
  return () => {
    if (player === made) player = null
  }
}
