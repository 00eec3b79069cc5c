'use client'

import { useQuery } from '@tanstack/react-query'
import { CalendarPlus, Plus } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { Skeleton } from '@/components/ui/skeleton'
import type { GuideSourceView } from '@/lib/epg/schema'
import { GuideSourceForm } from './guide-source-form'
import { GuideSourceRow } from './guide-source-row'
import { guideSourcesQuery } from './queries'

/** Every guide that serves these channels, in the order in which they are asked. */
export function GuideSourceList({ platform }: { platform: boolean }) {
  const sources = useQuery(guideSourcesQuery)
  const [adding, setAdding] = useState(false)
  const [edited, setEdited] = useState<GuideSourceView | null>(null)
  const shown = (sources.data ?? []).filter(source => source.platform === platform)
  const add = (
    <Button
      tone="primary"
      icon={<Plus aria-hidden size="1.125rem" strokeWidth={2} />}
      onClick={() => setAdding(true)}
      data-focus-first
    >
      Add a guide
    </Button>
  )
  const isEmpty = sources.isSuccess && shown.length === 0
  return (
    <section aria-labelledby="guides" className="pb-10">
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <div>
          <h2 id="guides" className="font-title text-20">
            Where programmes come from
          </h2>
          <p className="mt-1 text-14 text-muted">
            Channels ask the guides in this order. The first that knows a channel gives its programmes.
          </p>
        </div>
        {isEmpty || sources.isPending ? null : add}
      </div>
      {sources.isPending ? <Skeleton className="h-40 w-full" /> : null}
      {sources.isError ? <ErrorState error={sources.error} onRetry={() => void sources.refetch()} /> : null}
      {isEmpty ? (
        <EmptyState
          drawing={<CalendarPlus size="2.75rem" strokeWidth={1.5} />}
          title="No guide yet"
          text="A source brings its own guide. Add another one, by its address or as a file, where that has gaps."
          action={add}
        />
      ) : null}
      <ul className="flex flex-col gap-3">
        {shown.map(source => (
          <GuideSourceRow key={source.id} source={source} onEdit={() => setEdited(source)} />
        ))}
      </ul>
      {adding ? (
        <Dialog title="Add a guide" shape="sheet" onClose={() => setAdding(false)}>
          <GuideSourceForm platform={platform} source={null} onDone={() => setAdding(false)} />
        </Dialog>
      ) : null}
      {edited ? (
        <Dialog title={`Edit ${edited.name}`} shape="sheet" onClose={() => setEdited(null)}>
          <GuideSourceForm platform={platform} source={edited} onDone={() => setEdited(null)} />
        </Dialog>
      ) : null}
    </section>
  )
}
