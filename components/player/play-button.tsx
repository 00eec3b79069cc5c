'use client'

import { Pause, Play, RotateCcw } from 'lucide-react'
import { ControlButton } from './control-button'
import { usePlayerState, useScene } from './scene'

export function PlayButton({ big = false, className = '' }: { big?: boolean; className?: string }) {
  const { player } = useScene()
  const phase = usePlayerState(player, state => state.phase)
  const stopped = phase === 'paused' || phase === 'idle' || phase === 'ended' || phase === 'failed'
  const Icon = phase === 'ended' ? RotateCcw : stopped ? Play : Pause
  return (
    <ControlButton
      label={stopped ? 'Play' : 'Pause'}
      big={big}
      className={className}
      data-player-start={big ? undefined : true}
      icon={
        <Icon
          aria-hidden
          size={big ? '2.25rem' : '1.75rem'}
          strokeWidth={1.75}
          className={phase === 'ended' ? '' : 'fill-current'}
        />
      }
      onClick={phase === 'failed' ? player.retry : player.controls.toggle}
    />
  )
}
