import { useSyncExternalStore } from 'react'
import { HOUR, MINUTE, SECOND } from '@/lib/kernel/time'
import { createStore } from './engine/store'

/** Why nothing plays any more although nobody stopped it. */
export type Rest = 'night' | 'asking'

interface RestState {
  /** When the sleep timer ends; null while none runs. */
  sleepAt: number | null
  /** What was chosen, as its list names it. */
  chosen: string
  rest: Rest | null
  /** The last key, touch or movement. */
  inputAt: number
  /** Episodes that have begun by themselves since then. */
  alone: number
}

const plain: RestState = { sleepAt: null, chosen: 'off', rest: null, inputAt: Date.now(), alone: 0 }
const store = createStore<RestState>(plain)

export const sleepMinutes: readonly number[] = [15, 30, 45, 60, 90]
/** Ms before the end in which the sound goes down. */
export const FADE = 20 * SECOND
const UNTOUCHED_LIVE = 4 * HOUR
const EPISODES_ALONE = 3

export const useRestState = (): RestState => useSyncExternalStore(store.subscribe, store.get, () => plain)

/** Minutes from now, the end of the programme (ms), or off. */
export function setSleep(chosen: string, programmeEnd: number | null): void {
  const minutes = Number(chosen)
  const sleepAt = minutes > 0 ? Date.now() + minutes * MINUTE : chosen === 'programme' ? programmeEnd : null
  store.set({ sleepAt, chosen: sleepAt === null ? 'off' : chosen })
}

export function forgetOldSleep(): void {
  const { sleepAt } = store.get()
  if (sleepAt !== null && sleepAt <= Date.now()) store.set({ sleepAt: null, chosen: 'off' })
  store.set({ inputAt: Date.now() })
}

export function beginRest(rest: Rest): void {
  store.set({ rest, sleepAt: null, chosen: 'off' })
}

export function endRest(): void {
  store.set({ rest: null, inputAt: Date.now(), alone: 0 })
}

export function noteInput(): void {
  // While it asks, only an answer counts; and a mouse that moves need not be written down sixty times a second.
  const { rest, inputAt, alone } = store.get()
  if (rest === null && (alone > 0 || Date.now() - inputAt > SECOND)) store.set({ inputAt: Date.now(), alone: 0 })
}

/** Whether the next episode may begin by itself; counts it. */
export function mayGoOn(): boolean {
  const alone = store.get().alone + 1
  if (alone >= EPISODES_ALONE) return false
  store.set({ alone })
  return true
}

/** How loud it may be, from 1 to 0, and whether it is time to rest. Pure. */
export function judgeRest(
  state: RestState,
  now: { at: number; live: boolean; playing: boolean },
): { loudness: number; rest: Rest | null } {
  const { sleepAt, inputAt } = state
  const left = sleepAt === null ? Number.POSITIVE_INFINITY : sleepAt - now.at
  if (left <= 0) return { loudness: 0, rest: 'night' }
  if (now.live && now.playing && now.at - inputAt > UNTOUCHED_LIVE) return { loudness: 1, rest: 'asking' }
  return { loudness: Math.min(1, left / FADE), rest: null }
}

export const getRestState = store.get
