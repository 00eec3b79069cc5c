'use client'

import { canSeek, isLive } from './engine/player-snapshot'
import { sayPosition } from './say-position'
import { usePlayerState, useScene } from './scene'
import { SeekBar } from './seek-bar'

/** The seek bar with its times; a channel that cannot be wound back has none. */
export function TimeLine() {
  const { player } = useScene()
  const position = usePlayerState(player, state => state.position)
  const duration = usePlayerState(player, state => state.duration)
  const window = usePlayerState(player, state => state.window)
  const buffered = usePlayerState(player, state => state.buffered)
  const seekable = usePlayerState(player, canSeek)
  const live = usePlayerState(player, isLive)
  if (!seekable) return null
  const start = live ? (window?.start ?? 0) : 0
  const end = live ? (window?.end ?? 0) : duration
  return (
    <div className="flex items-center gap-3 text-14 tabular-nums md:gap-4">
      <span className="player-over shrink-0">{live ? `−${sayPosition(end - position)}` : sayPosition(position)}</span>
      <div className="min-w-0 grow">
        <SeekBar start={start} end={end} position={position} buffered={buffered} live={live} onSeek={player.controls.seek} />
      </div>
      <span className="player-over shrink-0 text-muted">{live ? 'Live' : sayPosition(duration)}</span>
    </div>
  )
}
