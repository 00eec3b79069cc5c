'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Gauge, TriangleAlert, X } from 'lucide-react'
import Link from 'next/link'
import { useRouter, useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { PageHeader } from '@/components/shell/page-header'
import { saySince } from '@/components/shell/say-time'
import { useClock } from '@/components/shell/use-clock'
import { Chip } from '@/components/ui/chip'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { Skeleton } from '@/components/ui/skeleton'
import { Tabs } from '@/components/ui/tabs'
import type { QualityAlertView, QualityFigures, QualityFilter, QualityGroup, QualityPlayers } from '@/lib/analytics/schema'
import { alertPath } from '@/lib/kernel/alert-words'
import { QualityTable } from './quality-table'
import { qualityQuery } from './queries'
import { sayMs, sayPair, sayShare } from './say-quality'

const periods = [
  { hours: 1, label: 'Last hour' },
  { hours: 24, label: 'Last day' },
  { hours: 168, label: 'Last week' },
] as const

const players: readonly { value: QualityPlayers; label: string }[] = [
  { value: 'all', label: 'All players' },
  { value: 'own', label: 'WatchTheFlix' },
  { value: 'apps', label: 'Other apps' },
]

const groups: readonly { value: QualityGroup; label: string }[] = [
  { value: 'channel', label: 'Channel' },
  { value: 'source', label: 'Source' },
  { value: 'provider', label: 'Provider' },
  { value: 'browser', label: 'Browser' },
  { value: 'player', label: 'Player' },
  { value: 'session', label: 'Session' },
]

function Totals({ total }: { total: QualityFigures }) {
  const facts = [
    ['Sessions', total.sessions.toLocaleString()],
    ['Start p50 · p95', sayPair(sayMs, total.startP50, total.startP95) ?? '–'],
    ['Zap p50 · p95', sayPair(sayMs, total.zapP50, total.zapP95) ?? '–'],
    ['Stood still', sayShare(total.stalled)],
    ['Failed', sayShare(total.failed)],
  ]
  return (
    <dl className="grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-5">
      {facts.map(([term, value]) => (
        <div key={term} className="hairline flex flex-col rounded-card bg-surface px-5 py-4 max-sm:last:col-span-2">
          <dt className="text-14 text-muted">{term}</dt>
          <dd className="whitespace-nowrap font-title text-20 tabular-nums md:text-28">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Alerts({ alerts }: { alerts: readonly QualityAlertView[] }) {
  const now = useClock()
  if (alerts.length === 0) return null
  return (
    <ul aria-label="Bad for everyone" className="flex flex-col gap-2">
      {alerts.map(alert => (
        <li key={alert.id} className="hairline flex items-center gap-3 rounded-card bg-surface px-5 py-3 text-14">
          <TriangleAlert aria-hidden size="1.25rem" className={`shrink-0 ${alert.endedAt ? 'text-faint' : 'text-danger'}`} />
          <span className="min-w-0 grow">
            <Link
              href={alertPath({ itemId: alert.itemId, others: 0 })}
              prefetch={false}
              className="font-strong underline-offset-4 hover:underline"
            >
              {alert.channel}
            </Link>{' '}
            {alert.endedAt ? 'was bad for everyone and is fine again.' : 'is bad for everyone who watches it.'}{' '}
            <span className="text-muted">
              {alert.viewers} viewers, {sayShare(alert.failing)} failed, {sayShare(alert.stalled)} stood still,{' '}
              {saySince(alert.startedAt, now)}
            </span>
          </span>
        </li>
      ))}
    </ul>
  )
}

/** The channel, film or episode that the address asks for alone. */
function useAskedItem(): number | undefined {
  const asked = useSearchParams().get('item') ?? ''
  return /^[1-9]\d{0,8}$/.test(asked) ? Number(asked) : undefined
}

function AloneChip({ name }: { name: string }) {
  const router = useRouter()
  return (
    <Chip selected icon={<X aria-hidden size="1rem" />} onClick={() => router.push('/admin/quality')}>
      <span className="sr-only">Show all instead of </span>
      {name}
    </Chip>
  )
}

/** How everything plays, as the players tell it. Administrators only. */
export function QualityScreen() {
  const item = useAskedItem()
  const [hours, setHours] = useState(24)
  const [by, setBy] = useState<QualityGroup>('channel')
  const [whose, setWhose] = useState<QualityPlayers>('all')
  const filter: QualityFilter = { hours, by, players: whose, item }
  const { data, error, refetch } = useQuery({ ...qualityQuery(filter), placeholderData: keepPreviousData })
  return (
    <div className="px-4 md:px-10">
      <PageHeader title="Quality" />
      <div className="flex max-w-7xl flex-col gap-6">
        <div className="flex flex-wrap gap-2">
          {item === undefined ? null : <AloneChip name={data?.item ?? 'No longer there'} />}
          {periods.map(period => (
            <Chip key={period.hours} selected={hours === period.hours} onClick={() => setHours(period.hours)}>
              {period.label}
            </Chip>
          ))}
        </div>
        <div className="flex flex-wrap gap-2">
          {players.map(({ value, label }) => (
            <Chip key={value} selected={whose === value} onClick={() => setWhose(value)}>
              {label}
            </Chip>
          ))}
        </div>
        {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
        {!data && !error ? <Skeleton className="h-96 w-full rounded-card" /> : null}
        {data ? (
          <>
            <Alerts alerts={data.alerts} />
            <Totals total={data.total} />
            <div>
              <Tabs label="By" id="quality" tabs={groups} value={by} onChange={value => setBy(value as QualityGroup)} />
              <div id="quality-panel" role="tabpanel" aria-labelledby={`quality-tab-${by}`} className="mt-3">
                {data.rows.length > 0 ? (
                  <QualityTable
                    key={by}
                    rows={data.rows}
                    first={groups.find(({ value }) => value === by)?.label ?? ''}
                    filter={filter}
                  />
                ) : (
                  <EmptyState
                    drawing={<Gauge size="2.5rem" strokeWidth={1.5} />}
                    title="Nothing was played in this time"
                    text="Players tell every half minute how they do."
                  />
                )}
              </div>
            </div>
          </>
        ) : null}
      </div>
    </div>
  )
}
