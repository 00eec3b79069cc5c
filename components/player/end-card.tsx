'use client'

import { ArrowLeft, Play, RotateCcw } from 'lucide-react'
import { useEffect, useEffectEvent, useState } from 'react'
import { useSecond } from '@/components/shell/use-clock'
import { Button } from '@/components/ui/button'
import { Picture } from '@/components/ui/picture'
import { SECOND } from '@/lib/kernel/time'
import { isLive, type PlayerSnapshot } from './engine/player-snapshot'
import { beginRest, mayGoOn } from './rest'
import { type NextUp, usePlayerState, useScene } from './scene'

const LAST_SECONDS = 20
const COUNTDOWN = 8

const icon = { 'aria-hidden': true, size: '1.125rem', strokeWidth: 1.75 } as const

function isNearEnd(state: PlayerSnapshot): boolean {
  return (
    !isLive(state) &&
    state.duration > 3 * LAST_SECONDS &&
    state.duration - state.position <= LAST_SECONDS &&
    state.phase !== 'loading'
  )
}

function Countdown({ seconds }: { seconds: number }) {
  const [begin] = useState(Date.now)
  const left = Math.max(1, Math.ceil(seconds - (useSecond() - begin) / SECOND))
  return <span className="tabular-nums"> · in {Math.min(seconds, left)} s</span>
}

/** Comes in the last seconds; after the end it counts down and goes on by itself unless it is sent away. */
function NextCard({ next, ended, onDismiss }: { next: NextUp; ended: boolean; onDismiss: () => void }) {
  const onTime = useEffectEvent(() => (mayGoOn() ? next.go() : beginRest('asking')))
  useEffect(() => {
    if (!ended) return
    const timer = setTimeout(() => onTime(), COUNTDOWN * SECOND)
    return () => clearTimeout(timer)
  }, [ended])
  return (
    <section
      aria-label="What comes next"
      data-player-controls
      className="rise absolute right-3 bottom-32 w-[min(24rem,calc(100vw-1.5rem))] overflow-hidden rounded-sheet bg-overlay shadow-float backdrop-blur-xl md:right-8 md:bottom-36"
    >
      <div className="flex gap-4 p-4">
        {next.image ? <Picture src={next.image} className="h-18 w-28 shrink-0 rounded-cell object-cover" /> : null}
        <div className="min-w-0 grow">
          <p className="text-12 text-faint">
            {next.label}
            {ended ? <Countdown seconds={COUNTDOWN} /> : null}
          </p>
          <p className="line-clamp-2 font-strong">{next.name}</p>
        </div>
      </div>
      <div className="flex gap-2 px-4 pb-4">
        <Button
          tone="primary"
          size="small"
          icon={<Play {...icon} className="fill-current" />}
          autoFocus={ended}
          onClick={next.go}
        >
          Play now
        </Button>
        <Button tone="quiet" size="small" onClick={onDismiss}>
          {ended ? 'Stay here' : 'Not now'}
        </Button>
      </div>
      {ended ? (
        <span
          aria-hidden
          className="block h-1 origin-left bg-accent"
          style={{ animation: `player-countdown ${COUNTDOWN}s linear both` }}
        />
      ) : null}
    </section>
  )
}

function FilmEnd() {
  const { player, leave } = useScene()
  return (
    <div className="pointer-events-none absolute inset-0 flex items-center justify-center bg-black/60">
      <section
        aria-label="The end"
        data-player-controls
        className="rise pointer-events-auto flex flex-wrap justify-center gap-3 rounded-sheet bg-overlay p-5 shadow-float backdrop-blur-xl"
      >
        <Button tone="primary" size="large" autoFocus icon={<ArrowLeft {...icon} />} onClick={leave}>
          Done
        </Button>
        <Button
          size="large"
          icon={<RotateCcw {...icon} />}
          onClick={() => {
            player.controls.seek(0)
            player.controls.play()
          }}
        >
          Watch again
        </Button>
      </section>
    </div>
  )
}

/** What comes when a film, an episode or a programme of the archive is over. */
export function EndCard() {
  const { player, next, live } = useScene()
  const ended = usePlayerState(player, state => state.phase === 'ended')
  const near = usePlayerState(player, isNearEnd)
  const [dismissed, setDismissed] = useState<string | null>(null)
  if (live) return null
  if (next && dismissed !== next.key && (ended || near))
    return <NextCard key={next.key} next={next} ended={ended} onDismiss={() => setDismissed(next.key)} />
  return ended ? <FilmEnd /> : null
}
