'use client'

import { VolumeX } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { usePlayerState, useScene } from './scene'

/** The browser wanted a gesture before it lets sound out. */
export function SoundHint() {
  const { player, layer } = useScene()
  const blocked = usePlayerState(player, state => state.soundBlocked && state.muted)
  if (!blocked || layer) return null
  return (
    <div className="rise absolute inset-x-0 top-20 flex justify-center">
      <Button
        tone="primary"
        icon={<VolumeX aria-hidden size="1.25rem" strokeWidth={1.75} />}
        onClick={() => player.controls.setMuted(false)}
      >
        Turn on sound
      </Button>
    </div>
  )
}
