'use client'

import { useEffect, useState } from 'react'
import { SECOND } from '@/lib/kernel/time'
import type { Player } from './engine/player'

/** Seconds that the picture of a channel is behind what it sends; null while that is not known. */
export function useLatency(player: Player): number | null {
  const [latency, setLatency] = useState<number | null>(null)
  useEffect(() => {
    const look = () => setLatency(player.controls.figures()?.latency ?? null)
    look()
    const timer = setInterval(look, SECOND)
    return () => clearInterval(timer)
  }, [player])
  return latency
}
