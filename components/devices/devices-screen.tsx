'use client'

import { useQuery } from '@tanstack/react-query'
import { MonitorSmartphone, Plus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { PageHeader } from '@/components/shell/page-header'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { Skeleton } from '@/components/ui/skeleton'
import type { NewLineView } from '@/lib/accounts/schema'
import { AddDevice } from './add-device'
import { DeviceCard } from './device-card'
import { NewDeviceCard } from './new-device-card'
import { linesQuery } from './queries'

interface DeviceListProps {
  empty: ReactNode
  onRenewed: (made: NewLineView) => void
  onRemoved: (id: number) => void
}

const grid = 'grid grid-cols-1 gap-5 lg:grid-cols-2 2xl:grid-cols-3'

function DeviceList({ empty, onRenewed, onRemoved }: DeviceListProps) {
  const lines = useQuery(linesQuery)
  if (lines.isPending) {
    return (
      <div className={grid}>
        <Skeleton className="h-72 rounded-card" />
        <Skeleton className="h-72 rounded-card" />
      </div>
    )
  }
  if (lines.isError && !lines.data) return <ErrorState error={lines.error} onRetry={() => void lines.refetch()} />
  if (lines.data.length === 0) return empty
  return (
    <div className={grid}>
      {lines.data.map(line => (
        <DeviceCard key={line.id} line={line} onRenewed={onRenewed} onRemoved={() => onRemoved(line.id)} />
      ))}
    </div>
  )
}

/** Logins for players that are not ours. */
export function DevicesScreen() {
  const [adding, setAdding] = useState(false)
  const [made, setMade] = useState<NewLineView | null>(null)
  const lines = useQuery(linesQuery).data
  const nothing = lines?.length === 0
  const add = (
    <Button
      tone="primary"
      icon={<Plus aria-hidden size="1.125rem" strokeWidth={2} />}
      onClick={() => setAdding(true)}
      data-focus-first
    >
      Add a device
    </Button>
  )
  return (
    <div className="px-4 md:px-10">
      <PageHeader title="Watch in other apps">
        {nothing ? null : <span className="contents max-md:hidden">{add}</span>}
      </PageHeader>
      {nothing ? null : (
        <div className="mb-6 flex flex-col gap-4">
          <p className="max-w-3xl text-pretty text-muted">
            Each device has a login of its own, so that you can change or remove one without touching the others.
          </p>
          {/* Beside this title a phone has no room for it. */}
          <span className="flex flex-col md:hidden">{add}</span>
        </div>
      )}
      {made ? <NewDeviceCard key={made.password} made={made} onDone={() => setMade(null)} /> : null}
      <DeviceList
        onRenewed={setMade}
        onRemoved={id => setMade(old => (old?.line.id === id ? null : old))}
        empty={
          <EmptyState
            drawing={<MonitorSmartphone size="2.75rem" strokeWidth={1.5} />}
            title="Watch on your television or phone"
            text="Add a device, and its login works in TiviMate, IPTV Smarters, Kodi, VLC and others."
            action={add}
          />
        }
      />
      {adding ? (
        <AddDevice
          onClose={() => setAdding(false)}
          onAdded={line => {
            setAdding(false)
            setMade(line)
          }}
        />
      ) : null}
    </div>
  )
}
