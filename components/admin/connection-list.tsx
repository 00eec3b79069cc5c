'use client'

import { useQuery } from '@tanstack/react-query'
import { Activity } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import type { ConnectionView } from '@/lib/playback/schema'
import { ConnectionCard } from './connection-card'
import { ConnectionTable } from './connection-table'
import { ConnectionTotals } from './connection-totals'
import { EndDialog } from './end-dialog'
import { connectionsQuery } from './queries'
import { useWide } from './use-wide'

/** More than fits a look; the rest comes when asked for. */
const FIRST = 100

function Rows({ connections }: { connections: readonly ConnectionView[] }) {
  const wide = useWide()
  const [ending, setEnding] = useState<ConnectionView | null>(null)
  const [all, setAll] = useState(false)
  const shown = all ? connections : connections.slice(0, FIRST)
  return (
    <>
      <h2 className="sr-only">Playing now</h2>
      {wide ? (
        <ConnectionTable connections={shown} onEnd={setEnding} />
      ) : (
        <div className="grid gap-3 md:grid-cols-2">
          {shown.map(connection => (
            <ConnectionCard key={connection.id} connection={connection} onEnd={() => setEnding(connection)} />
          ))}
        </div>
      )}
      {shown.length < connections.length ? (
        <Button className="self-center" onClick={() => setAll(true)}>
          Show all {connections.length.toLocaleString()}
        </Button>
      ) : null}
      {ending ? (
        <EndDialog
          connection={ending}
          siblings={connections.filter(({ line }) => line !== null && line.id === ending.line?.id).length}
          onClose={() => setEnding(null)}
        />
      ) : null}
    </>
  )
}

/** Who watches what now. Old rows stay while new ones are fetched. */
export function ConnectionList() {
  const connections = useQuery(connectionsQuery)
  if (connections.isPending) return <Skeleton className="h-96 w-full rounded-card" />
  if (!connections.data) return <ErrorState error={connections.error} onRetry={() => void connections.refetch()} />
  return (
    <div className="flex flex-col gap-5">
      {connections.isError ? (
        <Notice tone="warn">This list could not be refreshed just now. What you see may be a little old.</Notice>
      ) : null}
      <ConnectionTotals connections={connections.data} />
      {connections.data.length === 0 ? (
        <EmptyState
          drawing={<Activity size="2.75rem" strokeWidth={1.5} />}
          title="Nobody is watching right now"
          text="Whoever plays something appears here within seconds."
        />
      ) : (
        <Rows connections={connections.data} />
      )}
    </div>
  )
}
