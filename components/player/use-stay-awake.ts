'use client'

import { useEffect } from 'react'
import type { Phase } from './engine/phase'
import type { Player } from './engine/player'
import { usePlayerState } from './scene'
import { keepAwake } from './stay-awake'

const watched: ReadonlySet<Phase> = new Set(['loading', 'buffering', 'playing'])

/** Nobody presses anything while a film plays: the screen stays on until it is paused or over. */
export function useStayAwake(player: Player): void {
  const isWatched = usePlayerState(player, ({ phase }) => watched.has(phase))
  useEffect(() => (isWatched ? keepAwake() : undefined), [isWatched])
}
