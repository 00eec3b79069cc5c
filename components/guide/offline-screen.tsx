'use client'

import { useQueryClient } from '@tanstack/react-query'
import { CloudOff } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useReturn } from '@/components/offline/use-return'
import { SpatialFocus } from '@/components/shell/spatial-focus'
import { Brand } from '@/components/ui/brand'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { GuideDesk } from './guide-desk'
import { GuideSkeleton } from './guide-skeleton'
import { findKept } from './kept-guide'
import { findKeptRows, type KeptRows } from './kept-rows'
import { OfflineNote } from './offline-note'
import { OnNowList } from './on-now-list'
import { seed } from './use-kept-guide'
import { useNarrow } from './use-narrow'

/** Undefined until it has been looked up, null when nothing is kept. */
function useKeptRows(): KeptRows | null | undefined {
  const client = useQueryClient()
  const [rows, setRows] = useState<KeptRows | null>()
  useEffect(() => {
    let isHere = true
    void findKept().then(kept => {
      if (!isHere) return
      if (kept) seed(client, kept)
      setRows(kept && findKeptRows(kept))
    })
    return () => {
      isHere = false
    }
  }, [client])
  return rows
}

/** What the app shows when it is opened without a network: the guide as it was seen last on this device. */
export function OfflineScreen() {
  const rows = useKeptRows()
  const narrow = useNarrow()
  const { isTrying, retry } = useReturn()
  const content = () => {
    if (rows === undefined || narrow === null) return <GuideSkeleton />
    if (rows === null) {
      return (
        <EmptyState
          drawing={<CloudOff size="2.75rem" strokeWidth={1.5} />}
          title="No connection"
          text="Once you have opened the guide on this device, it is here without a connection, too."
        />
      )
    }
    return narrow ? (
      <OnNowList ids={rows.ids} />
    ) : (
      <GuideDesk ids={rows.ids} archiveDays={rows.archiveDays} filters={null} empty={null} />
    )
  }
  return (
    <main className="flex flex-col px-4 md:h-dvh md:px-8 md:pb-4">
      <header className="flex min-h-16 flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3 md:min-h-20">
        <Brand />
        <h1 className="sr-only">Offline</h1>
        <div className="flex items-center gap-4">
          {rows ? <OfflineNote failed since={rows.at} /> : null}
          <Button onClick={retry} disabled={isTrying}>
            {isTrying ? 'Trying …' : 'Try again'}
          </Button>
        </div>
      </header>
      {content()}
      <SpatialFocus />
    </main>
  )
}
