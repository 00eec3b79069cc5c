'use client'

import { useEffect, useState } from 'react'
import { ProgressBar } from '@/components/ui/progress-bar'
import { SECOND } from '@/lib/kernel/time'
import { describeFailure } from './failure-text'
import { usePlayerState, useScene } from './scene'

/** A second of patience first: most gaps close sooner than anyone would read. */
function useLasting(active: boolean): boolean {
  const [lasting, setLasting] = useState(false)
  useEffect(() => {
    if (!active) return
    const timer = setTimeout(() => setLasting(true), SECOND)
    return () => {
      clearTimeout(timer)
      setLasting(false)
    }
  }, [active])
  return lasting
}

export function WaitingHint() {
  const { player } = useScene()
  const waiting = usePlayerState(player, state => state.phase === 'buffering')
  const switching = usePlayerState(player, state => state.switching && state.phase !== 'loading')
  const failure = usePlayerState(player, state => state.failure)
  const lasting = useLasting(waiting)
  if (!lasting && !switching) return null
  const words = switching
    ? 'Changing the source'
    : failure
      ? `${describeFailure(failure).title}. Trying again`
      : 'Waiting for the picture'
  return (
    <div role="status" className="rise pointer-events-none absolute inset-x-0 bottom-36 flex justify-center">
      <div className="flex w-76 flex-col gap-3 rounded-card bg-overlay px-5 py-4 text-center text-14 backdrop-blur-md">
        <p>{words} …</p>
        <ProgressBar label={words} />
      </div>
    </div>
  )
}
