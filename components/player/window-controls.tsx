'use client'

import { ChevronDown, ChevronUp, Volume2, VolumeX } from 'lucide-react'
import { type KeyboardEvent, useEffect } from 'react'
import { createPortal } from 'react-dom'
import { nameOf } from '@/components/catalogue/item-words'
import { ControlButton } from './control-button'
import { closePictureWindow, usePictureWindow } from './picture-window'
import { PlayButton } from './play-button'
import { SEEK_STEP } from './player-actions'
import { usePlayerState, useScene } from './scene'
import { SkipButton } from './skip-button'

const icon = { 'aria-hidden': true, size: '1.375rem', strokeWidth: 1.75 } as const

function Controls() {
  const { player, card, channel, live, zap, programme } = useScene()
  const muted = usePlayerState(player, state => state.muted)
  const keys = new Map<string, () => void>([
    [' ', player.controls.toggle],
    ['k', player.controls.toggle],
    ['m', () => player.controls.setMuted(!muted)],
    ['PageUp', () => zap(1)],
    ['PageDown', () => zap(-1)],
    ['Escape', closePictureWindow],
  ])
  const onKeyDown = (event: KeyboardEvent) => {
    const deed = keys.get(event.key)
    // Space belongs to the button that has the focus.
    if (!deed || (event.key === ' ' && (event.target as Element).tagName === 'BUTTON')) return
    event.preventDefault()
    deed()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys also have buttons
    <div
      onKeyDown={onKeyDown}
      className="player-root group fixed inset-0 flex flex-col justify-end text-text [&:not(:hover):not(:focus-within)_[data-fades]]:opacity-0"
    >
      <div
        data-fades
        className="flex items-center gap-1 bg-[linear-gradient(0deg,rgb(0_0_0/0.85),transparent)] px-2 pt-10 pb-2 transition-opacity duration-200"
      >
        <PlayButton />
        <ControlButton
          label={muted ? 'Unmute' : 'Mute'}
          icon={muted ? <VolumeX {...icon} /> : <Volume2 {...icon} />}
          onClick={() => player.controls.setMuted(!muted)}
        />
        <p className="min-w-0 grow truncate px-2 font-strong text-14">{programme?.title || (card ? nameOf(card) : '')}</p>
        {channel ? (
          <>
            <ControlButton label="Channel before" icon={<ChevronDown {...icon} />} onClick={() => zap(-1)} />
            <ControlButton label="Next channel" icon={<ChevronUp {...icon} />} onClick={() => zap(1)} />
          </>
        ) : null}
        {live ? null : <SkipButton by={-SEEK_STEP} />}
      </div>
    </div>
  )
}

/** The controls inside the floating window, and what stands in the page meanwhile. */
export function WindowControls() {
  const opened = usePictureWindow()
  // Whoever ends the player ends its window.
  useEffect(() => closePictureWindow, [])
  if (!opened) return null
  return createPortal(<Controls />, opened.document.body)
}
