'use client'

import { RotateCcw, RotateCw } from 'lucide-react'
import { ControlButton } from './control-button'
import { useScene } from './scene'

interface SkipButtonProps {
  /** Seconds; below zero, back. */
  by: number
  big?: boolean
  className?: string
}

/** Ten seconds back, to hear it again; thirty on, past what one knows; and the other way where there is room. */
export function SkipButton({ by, big = false, className = '' }: SkipButtonProps) {
  const { player } = useScene()
  const Icon = by < 0 ? RotateCcw : RotateCw
  return (
    <ControlButton
      label={`${Math.abs(by)} seconds ${by < 0 ? 'back' : 'on'}`}
      big={big}
      className={className}
      icon={
        <span aria-hidden className="relative flex items-center justify-center">
          <Icon size={big ? '2rem' : '1.625rem'} strokeWidth={1.75} />
          <span className={`absolute font-title leading-none ${big ? 'text-12' : 'text-[0.5625rem]'}`}>{Math.abs(by)}</span>
        </span>
      }
      onClick={() => player.controls.seekBy(by)}
    />
  )
}
