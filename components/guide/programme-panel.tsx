'use client'

import { useQuery } from '@tanstack/react-query'
import { RemindMe } from '@/components/notifications/remind-me'
import { Dialog } from '@/components/ui/dialog'
import { ErrorState } from '@/components/ui/error-state'
import { ProgressBar } from '@/components/ui/progress-bar'
import { Skeleton } from '@/components/ui/skeleton'
import type { AiringView, ProgrammeView } from '@/lib/epg/schema'
import { MINUTE, SECOND } from '@/lib/kernel/time'
import { type Chosen, toChosen } from './chosen'
import { sayDay, sayTime, showSpan } from './guide-words'
import { ProgrammeFacts } from './programme-facts'
import { programmeQuery } from './queries'
import { WatchLinks } from './watch-links'

function sayWhen({ start, stop }: Chosen, now: number): string {
  const when = `${sayDay(start, now)}, ${showSpan(start, stop)}`
  if (now >= stop) return `${when} · Over`
  if (now >= start) return `${when} · ${Math.ceil((stop - now) / MINUTE)} min left`
  const minutes = Math.round((start - now) / MINUTE)
  return minutes < 60 ? `${when} · In ${minutes} min` : when
}

interface AiringsProps {
  title: string
  airings: readonly AiringView[]
  /** Different programmes: their names are shown. */
  named?: boolean
  now: number
  onChoose: (chosen: Chosen) => void
}

function Airings({ title, airings, named = false, now, onChoose }: AiringsProps) {
  if (airings.length === 0) return null
  return (
    <section className="mt-6">
      <h3 className="mb-1 font-strong text-14">{title}</h3>
      <ul className="-mx-3">
        {airings.map(airing => (
          <li key={`${airing.channel.id} ${airing.start}`}>
            <button
              type="button"
              onClick={() => onChoose(toChosen(airing))}
              className="flex min-h-12 w-full flex-col justify-center rounded-cell px-3 py-1.5 text-left outline-offset-[-3px] hover:bg-fill"
            >
              <span className="w-full truncate text-14">{named ? airing.title : airing.channel.name}</span>
              <span className="w-full truncate text-12 text-muted tabular-nums">
                {named
                  ? `${airing.channel.name} · until ${sayTime(airing.stop * SECOND)}`
                  : `${sayDay(airing.start * SECOND, now)}, ${showSpan(airing.start * SECOND, airing.stop * SECOND)}`}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function PanelSkeleton() {
  return (
    <div aria-busy className="mt-6 flex flex-col gap-3">
      <Skeleton className="h-4 w-1/2" />
      <Skeleton className="h-4" />
      <Skeleton className="h-4" />
      <Skeleton className="h-4 w-3/4" />
    </div>
  )
}

interface ProgrammePanelProps {
  chosen: Chosen
  now: number
  onChoose: (chosen: Chosen) => void
  onClose: () => void
}

function Known({ programme, now, onChoose }: { programme: ProgrammeView; now: number; onChoose: (chosen: Chosen) => void }) {
  return (
    <>
      <ProgrammeFacts programme={programme} />
      <Airings title="Other times" airings={programme.airings} now={now} onChoose={onChoose} />
      <Airings title="Similar on now" airings={programme.similar} named now={now} onChoose={onChoose} />
    </>
  )
}

/** Everything about one programme, and the way to its channel. */
export function ProgrammePanel({ chosen, now, onChoose, onClose }: ProgrammePanelProps) {
  const { channel, name, start, stop, known, short = false } = chosen
  const hasFacts = known && !short
  const { data, error, refetch } = useQuery({ ...programmeQuery(channel, start), enabled: hasFacts })
  const isOn = start <= now && now < stop
  const title = chosen.title || 'No guide information'
  return (
    <Dialog title={title} shape="sheet" onClose={onClose}>
      <p className="text-14 text-muted">
        <span className="font-strong text-text">{name}</span> · {sayWhen(chosen, now)}
      </p>
      {isOn && known ? (
        <ProgressBar label="How far it is" value={((now - start) / (stop - start)) * 100} className="mt-3" />
      ) : null}
      <WatchLinks chosen={chosen} archiveDays={chosen.archiveDays ?? data?.channel.archiveDays ?? 0} now={now} />
      {hasFacts && start > now ? <RemindMe key={`${channel} ${start}`} channel={channel} start={start} title={title} /> : null}
      {!hasFacts ? (
        <p className="mt-6 text-14 text-muted">
          {short
            ? 'The source of this channel tells no more than this about its programmes.'
            : 'The guide of this channel says nothing about this time. The channel can still be watched.'}
        </p>
      ) : data ? (
        <Known programme={data} now={now} onChoose={onChoose} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <PanelSkeleton />
      )}
    </Dialog>
  )
}
