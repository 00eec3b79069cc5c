'use client'

import { ArrowLeft, Moon, Play, Tv } from 'lucide-react'
import { sayClockSecond } from '@/components/shell/say-time'
import { useSecond } from '@/components/shell/use-clock'
import { Button } from '@/components/ui/button'
import { endRest, FADE, setSleep, useRestState } from './rest'
import { usePlayerState, useScene } from './scene'

const icon = { 'aria-hidden': true, size: '1.125rem', strokeWidth: 1.75 } as const

/** The picture has gone to sleep, or asks whether anybody is still there. */
export function RestCard() {
  const { player, replay, from, leave, next } = useScene()
  const ended = usePlayerState(player, state => state.phase === 'ended')
  const { rest } = useRestState()
  if (rest === null) return null
  const night = rest === 'night'
  const Icon = night ? Moon : Tv
  return (
    <div data-player-rest className="absolute inset-0 z-10 flex items-center justify-center bg-canvas p-5">
      <section role="alertdialog" aria-label={night ? 'Good night' : 'Still watching?'} className="rise max-w-md text-center">
        <Icon aria-hidden size="3rem" strokeWidth={1.25} className="mx-auto text-accent" />
        <h2 className="mt-5 font-title text-28">{night ? 'Good night' : 'Still watching?'}</h2>
        <p className="mt-2 text-balance text-muted">
          {night ? 'The sleep timer has ended the picture.' : 'Nobody has touched anything for a while, so we stopped here.'}
        </p>
        <div data-player-controls className="mt-6 flex flex-wrap justify-center gap-3">
          <Button
            tone="primary"
            autoFocus
            icon={<Play {...icon} className="fill-current" />}
            onClick={() => {
              endRest()
              if (ended && next) next.go()
              else replay(from)
            }}
          >
            {night ? 'Keep watching' : 'Yes, go on'}
          </Button>
          <Button
            icon={<ArrowLeft {...icon} />}
            onClick={() => {
              endRest()
              leave()
            }}
          >
            Done
          </Button>
        </div>
      </section>
    </div>
  )
}

/** The last seconds before the sleep timer ends, with a way to stay. */
export function SleepHint() {
  const { sleepAt } = useRestState()
  const now = useSecond()
  if (sleepAt === null || sleepAt - now > FADE) return null
  return (
    <div role="status" className="rise absolute inset-x-0 top-20 flex justify-center">
      <div data-player-controls className="flex items-center gap-4 rounded-card bg-overlay py-2 pr-2 pl-5 backdrop-blur-md">
        <p className="text-14">Going to sleep at {sayClockSecond(sleepAt)}</p>
        <Button size="small" tone="primary" onClick={() => setSleep('off', null)}>
          Stay awake
        </Button>
      </div>
    </div>
  )
}
