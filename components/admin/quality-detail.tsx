import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ErrorState } from '@/components/ui/error-state'
import { Skeleton } from '@/components/ui/skeleton'
import { type QualityFilter, type QualityRow, stallCauses } from '@/lib/analytics/schema'
import { causes, sayDecision, sayError, sayLong } from './quality-words'
import { qualityDetailQuery } from './queries'
import { sayPair, sayShare } from './say-quality'
import { sayBitrate } from './say-traffic'

interface Fact {
  name: string
  hint?: string | null
  value: string
}

function Facts({ title, facts, none }: { title: string; facts: readonly Fact[]; none?: string }) {
  return (
    <section aria-label={title}>
      <h3 className="mb-2 font-strong text-14">{title}</h3>
      {facts.length === 0 ? <p className="text-muted">{none}</p> : null}
      <dl className="flex flex-col gap-2">
        {facts.map(({ name, hint, value }) => (
          <div key={name} className="flex items-start justify-between gap-4">
            <dt className="min-w-0">
              <span className="block break-words">{name}</span>
              {hint ? <span className="block text-12 text-muted">{hint}</span> : null}
            </dt>
            <dd className="shrink-0 whitespace-nowrap">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

const perHour = (rate: number) => rate.toFixed(rate > 0 && rate < 10 ? 1 : 0)

function listStalls({ stalledMs }: QualityRow): Fact[] {
  return stallCauses
    .filter(cause => stalledMs[cause] > 0)
    .map(cause => ({ name: causes[cause].label, hint: causes[cause].hint, value: sayLong(stalledMs[cause]) }))
}

function listPicture(row: QualityRow): Fact[] {
  const facts = [
    { name: 'Changes of quality an hour', value: sayPair(perHour, row.switchesP50, row.switchesP95) },
    { name: 'Dropped frames', value: sayPair(sayShare, row.droppedP50, row.droppedP95) },
    { name: 'Bitrate', value: sayPair(sayBitrate, row.bitrateP50, row.bitrateP95) },
  ]
  return facts.map(({ name, value }) => ({ name, value: value ?? 'not told' }))
}

const saySessions = (sessions: number) => `${sessions.toLocaleString()} ${sessions === 1 ? 'session' : 'sessions'}`

function Counted({ filter, row }: { filter: QualityFilter; row: QualityRow }): ReactNode {
  const { data, error, refetch } = useQuery(qualityDetailQuery(filter, row.key))
  if (data === undefined) {
    return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton className="h-24 w-full rounded-card" />
  }
  return (
    <>
      <Facts
        title="How it was played"
        facts={data.decisions.map(({ code, sessions }) => ({ name: sayDecision(code), value: saySessions(sessions) }))}
        none="Not told."
      />
      <Facts
        title="Errors"
        facts={data.errors.map(({ code, sessions }) => ({ name: code, hint: sayError(code), value: saySessions(sessions) }))}
        none="None."
      />
    </>
  )
}

/** What stands behind one line of the table. */
export function QualityDetail({ filter, row }: { filter: QualityFilter; row: QualityRow }) {
  return (
    <div className="grid gap-x-10 gap-y-6 px-4 py-5 whitespace-normal md:grid-cols-2 xl:grid-cols-4">
      <Facts title="Stood still" facts={listStalls(row)} none="It did not." />
      <Facts title="Picture, p50 · p95" facts={listPicture(row)} />
      <Counted filter={filter} row={row} />
    </div>
  )
}
