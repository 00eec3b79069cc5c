'use client'

import { useQuery } from '@tanstack/react-query'
import { BellRing, History, Play } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useMarks } from '@/components/notifications/use-reminders'
import { ButtonLink } from '@/components/ui/button-link'
import { Chip } from '@/components/ui/chip'
import { Dialog } from '@/components/ui/dialog'
import { ErrorState } from '@/components/ui/error-state'
import { Skeleton } from '@/components/ui/skeleton'
import { SECOND } from '@/lib/kernel/time'
import type { Chosen } from './chosen'
import { isShort, midnightOf, sayDay, sayFlag, sayTime } from './guide-words'
import { ProgrammePanel } from './programme-panel'
import { windowQuery } from './queries'
import { daysAround, hoursOf } from './reach'
import { canReplay } from './replay'
import { useMinute } from './use-minute'

export interface OpenChannel {
  id: number
  name: string
  archiveDays: number
}

interface DayListProps {
  channel: OpenChannel
  day: number
  now: number
  onChoose: (chosen: Chosen) => void
}

/** A day of a channel from its first programme to its last; what is on now is brought into view. */
function DayList({ channel, day, now, onChoose }: DayListProps) {
  const { data, error, refetch } = useQuery(windowQuery([channel.id], day, hoursOf(day)))
  const marks = useMarks()
  const current = useRef<HTMLButtonElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once a list
  useEffect(() => {
    // What it returns is a promise in some browsers, and no clean-up.
    void current.current?.scrollIntoView({ block: 'center' })
  }, [data])
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) {
    return (
      <div aria-busy className="flex flex-col gap-2">
        {['a', 'b', 'c', 'd', 'e', 'f'].map(key => (
          <Skeleton key={key} className="h-12" />
        ))}
      </div>
    )
  }
  const { archiveDays } = channel
  const cells = data.channels[0]?.cells ?? []
  if (cells.length === 0) return <p className="py-8 text-center text-muted">The guide knows nothing about this day.</p>
  return (
    <ul className="-mx-3">
      {cells.map(([from, to, title, , flags]) => {
        const [start, stop] = [from * SECOND, to * SECOND]
        const isOn = start <= now && now < stop
        return (
          <li key={from}>
            <button
              type="button"
              ref={isOn ? current : undefined}
              onClick={() =>
                onChoose({
                  channel: channel.id,
                  name: channel.name,
                  start,
                  stop,
                  title,
                  known: true,
                  short: isShort(flags),
                  archiveDays,
                })
              }
              className={`flex min-h-12 w-full items-center gap-4 rounded-cell px-3 py-2 text-left text-14 outline-offset-[-3px] ${isOn ? 'bg-accent-soft font-strong' : stop <= now ? 'text-faint' : ''}`}
            >
              <span className="w-17 shrink-0 whitespace-nowrap tabular-nums">{sayTime(start)}</span>
              <span className="min-w-0 grow truncate">{title}</span>
              {canReplay({ start, stop }, archiveDays, now) ? (
                <History role="img" aria-label="In the archive" size="0.875rem" className="shrink-0 text-accent" />
              ) : null}
              {marks.has(channel.id, start) ? (
                <BellRing role="img" aria-label="Reminder set" size="1rem" strokeWidth={2} className="shrink-0 text-accent" />
              ) : null}
              {sayFlag(flags) ? <span className="shrink-0 text-12 text-accent">{sayFlag(flags)}</span> : null}
            </button>
          </li>
        )
      })}
    </ul>
  )
}

/** The days of the archive stand before today, out of view until somebody looks for them. */
const showToday = (chip: HTMLElement | null): void => {
  const box = chip?.parentElement
  if (chip && box) box.scrollLeft = chip.offsetLeft - box.offsetLeft - 24
}

/** One channel: the way to it, and its programmes day by day. */
export function DaySheet({ channel, onClose }: { channel: OpenChannel; onClose: () => void }) {
  const now = useMinute()
  const [today] = useState(() => midnightOf(now))
  const [day, setDay] = useState(today)
  const [chosen, setChosen] = useState<Chosen | null>(null)
  return (
    <Dialog title={channel.name} shape="sheet" onClose={onClose}>
      <ButtonLink
        href={`/watch/${channel.id}`}
        prefetch={false}
        tone="primary"
        data-focus-first
        className="w-full"
        icon={<Play aria-hidden size="1.125rem" className="fill-current" strokeWidth={1.75} />}
      >
        Watch
      </ButtonLink>
      <div className="scroll-quiet -mx-6 my-4 flex gap-2 overflow-x-auto px-6 py-1">
        {daysAround(today, channel.archiveDays).map(one => (
          <span key={one} ref={one === today ? showToday : undefined} className="shrink-0">
            <Chip selected={one === day} onClick={() => setDay(one)}>
              {sayDay(one, now)}
            </Chip>
          </span>
        ))}
      </div>
      <DayList channel={channel} day={day} now={now} onChoose={setChosen} />
      {chosen ? <ProgrammePanel chosen={chosen} now={now} onChoose={setChosen} onClose={() => setChosen(null)} /> : null}
    </Dialog>
  )
}
