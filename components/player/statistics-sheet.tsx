'use client'

import { Stethoscope } from 'lucide-react'
import { useEffect, useState } from 'react'
import { saySince } from '@/components/shell/say-time'
import { useClock } from '@/components/shell/use-clock'
import { Button } from '@/components/ui/button'
import { SECOND } from '@/lib/kernel/time'
import type { DecisionView } from '@/lib/playback/schema'
import type { PlayerSnapshot } from './engine/player-snapshot'
import type { StreamFigures } from './engine/stream-shapes'
import { PlayerSheet } from './player-sheet'
import { sayCost, sayMode } from './say-decision'
import { usePlayerState, useScene } from './scene'

const megabits = (bits: number): string => (bits > 0 ? `${(bits / 1_000_000).toFixed(1)} Mbit/s` : '–')

function bufferAhead({ buffered, position }: PlayerSnapshot): number {
  const range = buffered.find(one => one.start <= position + 0.2 && one.end >= position)
  return range ? range.end - position : 0
}

function listFacts(state: PlayerSnapshot, { figures, rate }: Seen, now: number): [string, string][] {
  const { session, firstFrameMs } = state
  const source = session?.sources.find(one => one.id === session.sourceId)
  const facts: [string, string][] = [
    ['First picture after', firstFrameMs === null ? '–' : `${(firstFrameMs / 1000).toFixed(2)} s`],
    ['Picture', figures && figures.width > 0 ? `${figures.width} × ${figures.height}` : '–'],
    ['Frames a second', rate === null ? '–' : String(rate)],
    ['Codecs', figures?.codecs || '–'],
    ['Stream', megabits(figures?.streamBandwidth ?? 0)],
    ['Connection', megabits(figures?.bandwidth ?? 0)],
    ['Buffered ahead', `${bufferAhead(state).toFixed(1)} s`],
    ...(figures?.latency == null ? [] : [['Behind the broadcast', `${figures.latency.toFixed(1)} s`] as [string, string]]),
    ['Dropped frames', figures ? `${figures.droppedFrames} of ${figures.decodedFrames}` : '–'],
    ['Stalls', String(figures?.stalls ?? 0)],
    ['Retries', String(state.tried)],
    ['Quality', state.choices.qualities.find(choice => choice.active)?.label ?? '–'],
    ['Speed', state.speed === 1 ? '–' : `${state.speed}×`],
    ['Source', source?.name ?? '–'],
    ['What it sends', source?.holds ?? '–'],
    ['Looked at', source?.lookedAt == null ? '–' : saySince(source.lookedAt, now)],
    ['Session', session?.sessionId.slice(0, 8) ?? '–'],
  ]
  // A plain file says nothing of its codecs and bit rate.
  return facts.filter(([, value]) => value !== '–')
}

/** What the decoder says, and how many frames it made in the last second. */
interface Seen {
  figures: StreamFigures | null
  rate: number | null
}

function useFigures(): Seen {
  const { player } = useScene()
  const [seen, setSeen] = useState<Seen>(() => ({ figures: player.controls.figures(), rate: null }))
  useEffect(() => {
    const look = () =>
      setSeen(before => {
        const figures = player.controls.figures()
        const made = figures && before.figures ? figures.decodedFrames - before.figures.decodedFrames : 0
        return { figures, rate: made > 0 ? made : null }
      })
    const timer = setInterval(look, SECOND)
    return () => clearInterval(timer)
  }, [player])
  return seen
}

function DiagnoseLink() {
  const { show } = useScene()
  return (
    <div className="px-6 pt-1 pb-2">
      <Button size="small" icon={<Stethoscope aria-hidden size="1rem" strokeWidth={1.75} />} onClick={() => show('diagnosis')}>
        Diagnose
      </Button>
    </div>
  )
}

/** The way it plays in words, every reason for it, and what it costs the server. */
function WhyThisWay({ decision }: { decision: DecisionView }) {
  const cost = sayCost(decision.cost)
  return (
    <section aria-label="Why does it play this way?" className="hairline-t mx-3 mt-4 pt-4 text-14">
      <h3 className="font-strong">Why does it play this way?</h3>
      <p className="mt-1">{sayMode(decision.mode)}</p>
      <ul className="mt-2 flex flex-col gap-2">
        {decision.reasons.map(({ code, message }) => (
          <li key={`${code} ${message}`}>
            <span className="block text-muted">{message}</span>
            <span className="block text-12 text-faint">{code}</span>
          </li>
        ))}
      </ul>
      {cost === null ? null : <p className="mt-2 text-muted">{cost}</p>}
    </section>
  )
}

/** How it plays and why this way: for the curious and for support. */
export function StatisticsSheet() {
  const { player } = useScene()
  const state = usePlayerState(player, snapshot => snapshot)
  const seen = useFigures()
  const now = useClock()
  // The server knows better by now than when it opened.
  useEffect(() => player.note(), [player])
  return (
    <PlayerSheet title="Statistics" side="right" reads head={<DiagnoseLink />}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 px-3 py-2 text-14">
        {listFacts(state, seen, now).map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-faint">{name}</dt>
            <dd className="break-words text-right tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      {state.session ? <WhyThisWay decision={state.session.decision} /> : null}
    </PlayerSheet>
  )
}
