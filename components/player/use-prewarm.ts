'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { nowQuery } from '@/components/catalogue/now-query'
import type { Player } from './engine/player'
import { usePlayerState } from './scene'
import type { LineUp } from './use-line-up'
import { findNeighbour } from './zap-order'

/** Who only flies past is not worth a connection. */
const REST = 400

interface Prewarm {
  player: Player
  live: boolean
  itemId: number
  lineUp: LineUp
}

/**
 * After a channel has come, the next one in the direction of travel is received for a few seconds, if the provider has
 * a connection to spare. Answers what tells the direction.
 */
export function usePrewarm({ player, live, itemId, lineUp }: Prewarm): (step: number) => void {
  const client = useQueryClient()
  const travel = useRef<{ step: number } | null>(null)
  const shown = usePlayerState(player, state => state.phase === 'playing' && state.itemId === itemId)
  const { channels } = lineUp
  useEffect(() => {
    const step = travel.current?.step
    const next = step === undefined ? null : findNeighbour(channels, itemId, step)
    if (!live || !shown || next === null) return
    const timer = setTimeout(() => {
      // One direction, one warming: who rests here for long does not hold a second connection.
      travel.current = null
      void client.prefetchQuery(nowQuery(next.id))
      void player.expect(next.id)
    }, REST)
    return () => clearTimeout(timer)
  }, [live, shown, itemId, channels, client, player])
  return step => {
    travel.current = { step }
  }
}
