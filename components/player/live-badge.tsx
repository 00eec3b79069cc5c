'use client'

import { isAtLiveEdge } from './engine/player-snapshot'
import { sayLateness } from './say-position'
import { usePlayerState, useScene } from './scene'
import { useLatency } from './use-latency'

/** Quietly, for who wants to know. */
function Lateness() {
  const latency = useLatency(useScene().player)
  if (latency === null) return null
  return (
    <span className="font-normal text-muted tabular-nums tracking-normal">
      {sayLateness(latency)}
      <span className="max-sm:sr-only"> behind</span>
    </span>
  )
}

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
        <span>LIVE</span>
        <Lateness />
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
      <span>{from === null ? 'Back to live' : 'Live'}</span>
      {/* A phone has no room for it here, and its time line says the same. */}
      {from === null ? (
        <span className="max-sm:hidden">
          <Lateness />
        </span>
      ) : null}
    </button>
  )
}
