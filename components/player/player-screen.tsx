'use client'

import { useEffect } from 'react'
import { leavePlayer, showPlayer } from './player-host-store'
import { PlayerStage } from './player-stage'
import './captions.css'
import './player.css'

/** The address decides what plays first; the player itself lives in the layout and changes channels by itself. */
export function PlayerScreen({ itemId, from }: { itemId: number; from: string | null }) {
  useEffect(() => {
    showPlayer(PlayerStage, { itemId, from })
    return leavePlayer
  }, [itemId, from])
  return <div className="player-root fixed inset-0 bg-canvas" />
}
