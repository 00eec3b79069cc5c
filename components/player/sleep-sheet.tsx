'use client'

import { useQuery } from '@tanstack/react-query'
import { nowQuery } from '@/components/catalogue/now-query'
import { sayClock } from '@/components/shell/say-time'
import { SECOND } from '@/lib/kernel/time'
import { ChoiceList } from './choice-list'
import { PlayerSheet } from './player-sheet'
import { setSleep, sleepMinutes, useRestState } from './rest'
import { usePlayerState, useScene } from './scene'

/** When what is on ends (ms): the programme of a channel, else the film. */
function useEndOfThis(): number | null {
  const { player, card, live } = useScene()
  const now = useQuery({ ...nowQuery(card?.id ?? 0), enabled: live && card !== null }).data
  const left = usePlayerState(player, state => (state.duration > 0 ? Math.round(state.duration - state.position) : null))
  if (live) return now ? Date.parse(now.end) : null
  return left === null ? null : Date.now() + left * SECOND
}

/** When the picture goes to sleep. */
export function SleepSheet() {
  const { card, channel } = useScene()
  const kind = channel ? 'programme' : card?.series ? 'episode' : 'film'
  const { chosen, sleepAt } = useRestState()
  const end = useEndOfThis()
  const lines = [
    { key: 'off', label: 'Off', active: chosen === 'off' },
    ...sleepMinutes.map(minutes => ({ key: String(minutes), label: `${minutes} minutes`, active: chosen === String(minutes) })),
    ...(end === null
      ? []
      : [
          {
            key: 'programme',
            label: `At the end of the ${kind}`,
            active: chosen === 'programme',
            note: sayClock(new Date(end).toISOString()),
          },
        ]),
  ]
  return (
    <PlayerSheet title="Sleep timer" side="right">
      <ChoiceList title="Stop the picture after" choices={lines} onPick={key => setSleep(key, end)} />
      <p className="px-3 pt-4 text-14 text-faint">
        {sleepAt === null
          ? 'The sound goes down gently at the end.'
          : `The picture goes to sleep at ${sayClock(new Date(sleepAt).toISOString())}.`}
      </p>
    </PlayerSheet>
  )
}
