'use client'

import { RotateCcw, RotateCw } from 'lucide-react'
import { ControlButton } from './control-button'
import { SEEK_STEP, SKIP_STEP } from './player-actions'
import { useScene } from './scene'

interface SkipButtonProps {
  direction: 'back' | 'on'
  big?: boolean
  className?: string
}

/** Ten seconds back, to hear it again; thirty on, past what one knows. */
export function SkipButton({ direction, big = false, className = '' }: SkipButtonProps) {
  const { player } = useScene()
  const Icon = direction === 'back' ? RotateCcw : RotateCw
  return (
    <ControlButton
      label={direction === 'back' ? '10 seconds back' : '30 seconds on'}
      big={big}
      className={className}
      icon={
        <span aria-hidden className="relative flex items-center justify-center">
          <Icon size={big ? '2rem' : '1.625rem'} strokeWidth={1.75} />
          <span className={`absolute font-title leading-none ${big ? 'text-12' : 'text-[0.5625rem]'}`}>
            {direction === 'back' ? SEEK_STEP : SKIP_STEP}
          </span>
        </span>
      }
      onClick={() => player.controls.seekBy(direction === 'back' ? -SEEK_STEP : SKIP_STEP)}
    />
  )
}
