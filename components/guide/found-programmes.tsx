'use client'

import { useState } from 'react'
import { LogoTile } from '@/components/ui/logo-tile'
import type { AiringView, FoundProgrammesView } from '@/lib/epg/schema'
import { SECOND } from '@/lib/kernel/time'
import { type Chosen, toChosen } from './chosen'
import { sayDay, sayTime, showSpan } from './guide-words'
import { ProgrammePanel } from './programme-panel'
import { useMinute } from './use-minute'

const groups = [
  { name: 'onNow', title: 'On now' },
  { name: 'comingUp', title: 'Coming up' },
  { name: 'catchUp', title: 'Catch-up' },
] as const

function sayWhen({ start, stop }: AiringView, now: number): string {
  const [from, to] = [start * SECOND, stop * SECOND]
  if (from <= now && now < to) return `until ${sayTime(to)}`
  return `${sayDay(from, now)}, ${showSpan(from, to)}`
}

interface AiringsProps {
  title: string
  airings: readonly AiringView[]
  now: number
  onChoose: (chosen: Chosen) => void
}

function Airings({ title, airings, now, onChoose }: AiringsProps) {
  if (airings.length === 0) return null
  return (
    <section aria-labelledby={`found-${title}`} className="mt-8">
      <h2 id={`found-${title}`} className="mb-3 flex items-baseline gap-3 font-title text-20">
        {title}
        <span className="font-body text-14 text-faint tabular-nums">{airings.length}</span>
      </h2>
      <ul className="grid gap-x-5 gap-y-1 md:grid-cols-2 2xl:grid-cols-3">
        {airings.map(airing => (
          <li key={`${airing.channel.id} ${airing.start}`} className="min-w-0">
            <button
              type="button"
              onClick={() => onChoose(toChosen(airing))}
              className="flex min-h-16 w-full items-center gap-3 rounded-card p-2 text-left outline-offset-[-3px] hover:bg-fill"
            >
              <LogoTile name={airing.channel.name} image={null} className="h-12 w-18" />
              <span className="min-w-0 grow">
                <span className="block truncate font-strong text-14">{airing.title}</span>
                <span className="block truncate text-12 text-muted tabular-nums">
                  {airing.channel.name} · {sayWhen(airing, now)}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Programmes that a search found; one opens to all that is known of it. */
export function FoundProgrammes({ found }: { found: FoundProgrammesView }) {
  const now = useMinute()
  const [chosen, setChosen] = useState<Chosen | null>(null)
  return (
    <>
      {groups.map(({ name, title }) => (
        <Airings key={name} title={title} airings={found[name]} now={now} onChoose={setChosen} />
      ))}
      {chosen ? <ProgrammePanel chosen={chosen} now={now} onChoose={setChosen} onClose={() => setChosen(null)} /> : null}
    </>
  )
}
