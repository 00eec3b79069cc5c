'use client'

import { useQuery } from '@tanstack/react-query'
import { sayLength } from '@/components/shell/say-time'
import { ErrorState } from '@/components/ui/error-state'
import { ProgressBar } from '@/components/ui/progress-bar'
import { Skeleton } from '@/components/ui/skeleton'
import { sayAnswer } from './answer-name'
import { answersQuery, type KeptFacts } from './queries'
import { sayBytes } from './say-traffic'

const sayAge = (seconds: number) => (seconds < 60 ? 'just now' : `${sayLength(seconds)} ago`)

function Entries({ entries, label, empty }: { entries: KeptFacts['entries']; label: string; empty: string }) {
  if (entries.length === 0) return <p className="text-14 text-muted">{empty}</p>
  return (
    <ul aria-label={label} className="flex max-h-96 flex-col overflow-y-auto">
      {entries.map(({ key, bytes, hits, ageSeconds }) => (
        <li key={key} className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 py-2 text-14 [&+li]:hairline-t">
          <span className="min-w-0 grow basis-64">
            {sayAnswer(key).what}
            <span className="block break-all text-12 text-faint">{sayAnswer(key).how}</span>
          </span>
          <span className="text-12 text-muted tabular-nums">
            {sayBytes(bytes)} · used {hits.toLocaleString()} {hits === 1 ? 'time' : 'times'} · made {sayAge(ageSeconds)}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Kept({ facts, of, empty }: { facts: KeptFacts; of: { used: string; answered: string; list: string }; empty: string }) {
  const { hits, misses, bytes, maxBytes, entries } = facts
  const asked = hits + misses
  const rate = asked === 0 ? null : Math.floor((hits / asked) * 1_000) / 10
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-col gap-2">
        <p className="flex flex-wrap justify-between gap-x-4 text-14 tabular-nums">
          <span>
            {sayBytes(bytes)} of {sayBytes(maxBytes)} in use
          </span>
          <span className="text-muted">
            {rate === null
              ? 'Nobody has asked yet'
              : `${rate.toLocaleString()} % of ${asked.toLocaleString()} requests answered from ${of.answered}`}
          </span>
        </p>
        <ProgressBar label={of.used} value={(bytes / maxBytes) * 100} />
      </div>
      <Entries entries={entries} label={of.list} empty={empty} />
    </div>
  )
}

/** The lists that apps ask for and the guides they load, as they are kept ready. */
export function MemoryFacts() {
  const answers = useQuery(answersQuery)
  if (answers.isPending) return <Skeleton className="h-40 w-full" />
  if (!answers.data) return <ErrorState error={answers.error} onRetry={() => void answers.refetch()} />
  const { guides, ...lists } = answers.data
  return (
    <div className="flex flex-col gap-8">
      <section className="flex flex-col gap-3">
        <h3 className="text-14 font-semibold">Lists, in memory</h3>
        <Kept
          facts={lists}
          of={{ used: 'Memory in use', answered: 'memory', list: 'Lists in memory' }}
          empty="Nothing yet. Lists appear here once an app has asked for them."
        />
      </section>
      <section className="flex flex-col gap-3">
        <h3 className="text-14 font-semibold">Guides, in files</h3>
        <Kept
          facts={guides}
          of={{ used: 'Disk in use', answered: 'files that were ready', list: 'Guide files' }}
          empty="Nothing yet. Guides appear here once an app has loaded one."
        />
      </section>
    </div>
  )
}
