'use client'

import { PlayerStage } from './player-stage'
import './player.css'

/** The address decides what plays first; from there on the stage changes channels by itself. */
export function PlayerScreen({ itemId, from }: { itemId: number; from: string | null }) {
  return <PlayerStage key={`${itemId} ${from}`} firstItemId={itemId} firstFrom={from} />
}
