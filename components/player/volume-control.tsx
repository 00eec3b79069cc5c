'use client'

import { Volume1, Volume2, VolumeX } from 'lucide-react'
import type { CSSProperties } from 'react'
import { ControlButton } from './control-button'
import { usePlayerState, useScene } from './scene'

export function VolumeControl() {
  const { player } = useScene()
  const volume = usePlayerState(player, state => state.volume)
  const muted = usePlayerState(player, state => state.muted)
  const level = muted ? 0 : volume
  const Icon = level === 0 ? VolumeX : level < 0.5 ? Volume1 : Volume2
  return (
    <div className="group flex items-center">
      <ControlButton
        label={muted ? 'Unmute' : 'Mute'}
        icon={<Icon aria-hidden size="1.5rem" strokeWidth={1.75} />}
        onClick={() => player.controls.setMuted(!muted)}
      />
      <input
        type="range"
        aria-label="Volume"
        aria-valuetext={muted ? 'muted' : `${Math.round(volume * 100)} percent`}
        min={0}
        max={1}
        step={0.05}
        value={level}
        onChange={event => player.controls.setVolume(Number(event.target.value))}
        style={{ '--level': `${level * 100}%` } as CSSProperties}
        className="player-volume hidden w-20 rounded-full md:block"
      />
    </div>
  )
}
