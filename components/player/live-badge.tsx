'use client'

import { isAtLiveEdge } from './engine/player-snapshot'
import { usePlayerState, useScene } from './scene'

/** LIVE while the picture is of now; behind it and in the archive, the way back to it. */
export function LiveBadge() {
  const { player, from, replay } = useScene()
  const atEdge = usePlayerState(player, isAtLiveEdge)
  const still = usePlayerState(player, state => state.phase === 'paused')
  const look =
    'inline-flex h-8 shrink-0 items-center gap-1.5 rounded-full px-2.5 md:gap-2 md:px-3 font-strong text-12 tracking-wide'
  if (from === null && atEdge && !still) {
    return (
      <span className={`${look} bg-black/40`}>
        <span aria-hidden className="size-2 rounded-full bg-live" />
        LIVE
      </span>
    )
  }
  return (
    <button
      type="button"
      onClick={from === null ? player.controls.goLive : () => replay(null)}
      className={`${look} bg-white/15 hover:bg-white/25`}
    >
      <span aria-hidden className="size-2 rounded-full border-2 border-live" />
      {from === null ? 'Back to live' : 'Live'}
    </button>
  )
}
