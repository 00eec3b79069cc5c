'use client'

import { Maximize2, X } from 'lucide-react'
import { useEffect, useEffectEvent } from 'react'
import { nameOf } from '@/components/catalogue/item-words'
import { ControlButton } from './control-button'
import { describeFailure } from './failure-text'
import { PlayButton } from './play-button'
import { endPlayer } from './player-host-store'
import { endRest, useRestState } from './rest'
import { usePlayerState, useScene } from './scene'

const icon = { 'aria-hidden': true, size: '1.25rem', strokeWidth: 1.75 } as const

function useEnd(): void {
  const { player, next } = useScene()
  const { rest } = useRestState()
  const ended = usePlayerState(player, state => state.phase === 'ended')
  const onEnd = useEffectEvent(() => {
    endRest()
    if (rest === null && next) next.go()
    else void endPlayer()
  })
  useEffect(() => {
    if (ended || rest !== null) onEnd()
  }, [ended, rest])
}

/** What plays on while somebody looks around: press the picture to return, the cross to end it. */
export function MiniPlayer() {
  const { player, card, programme, undock } = useScene()
  const failure = usePlayerState(player, state => (state.phase === 'failed' ? state.failure : null))
  const waiting = usePlayerState(player, state => state.phase === 'loading' || state.phase === 'buffering')
  useEnd()
  const name = programme?.title || (card ? nameOf(card) : '')
  return (
    <>
      <button
        type="button"
        aria-label={`Back to ${name || 'the picture'}`}
        onClick={undock}
        className="group absolute inset-x-0 top-0 flex aspect-video items-center justify-center rounded-card focus-visible:outline-offset-[-4px]"
      >
        <span className="rounded-full bg-black/60 p-3 opacity-0 transition-opacity duration-120 group-hover:opacity-100 group-focus-visible:opacity-100">
          <Maximize2 {...icon} />
        </span>
      </button>
      <div className="flex items-center gap-0.5 py-1 pr-1 pl-3">
        <p className="min-w-0 grow truncate text-14">
          {failure ? describeFailure(failure).title : waiting ? 'One moment …' : name}
        </p>
        <PlayButton />
        <ControlButton label="End" icon={<X {...icon} />} onClick={() => void endPlayer()} />
      </div>
    </>
  )
}
