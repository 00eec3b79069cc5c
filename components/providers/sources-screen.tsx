'use client'

import { useQuery } from '@tanstack/react-query'
import { CalendarCog, Layers, Plus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { PageHeader } from '@/components/shell/page-header'
import { meQuery } from '@/components/shell/queries'
import { Button } from '@/components/ui/button'
import { ButtonLink } from '@/components/ui/button-link'
import { Dialog } from '@/components/ui/dialog'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { Skeleton } from '@/components/ui/skeleton'
import { showToast } from '@/components/ui/toast-store'
import { AddSourceForm } from './add-source-form'
import { importsQuery, providersQuery } from './queries'
import { SourceCard } from './source-card'
import { useImportEnd } from './use-import-end'

function SourceCards({ empty }: { empty: ReactNode }) {
  const providers = useQuery(providersQuery)
  const imports = useQuery(importsQuery).data
  useImportEnd(imports)
  if (providers.isPending) {
    return (
      <div className="grid grid-cols-1 gap-5 lg:grid-cols-2 2xl:grid-cols-3">
        <Skeleton className="h-96 rounded-card" />
        <Skeleton className="h-96 rounded-card" />
      </div>
    )
  }
  if (providers.isError) return <ErrorState error={providers.error} onRetry={() => void providers.refetch()} />
  if (providers.data.length === 0) return empty
  return (
    <div className="grid grid-cols-1 gap-5 lg:grid-cols-2 2xl:grid-cols-3">
      {providers.data.map(provider => (
        <SourceCard key={provider.id} provider={provider} job={imports?.find(job => job.providerId === provider.id)} />
      ))}
    </div>
  )
}

export function SourcesScreen() {
  const [adding, setAdding] = useState(false)
  const admin = useQuery(meQuery).data?.account.role === 'admin'
  const empty = useQuery(providersQuery).data?.length === 0
  const add = (
    <Button
      tone="primary"
      icon={<Plus aria-hidden size="1.125rem" strokeWidth={2} />}
      onClick={() => setAdding(true)}
      data-focus-first
    >
      Add a source
    </Button>
  )
  return (
    <div className="px-4 md:px-10">
      <PageHeader title="Sources">
        {empty ? null : (
          <>
            <ButtonLink href="/sources/guide" icon={<CalendarCog aria-hidden size="1.125rem" strokeWidth={1.75} />}>
              <span className="max-sm:sr-only">TV guides</span>
            </ButtonLink>
            {add}
          </>
        )}
      </PageHeader>
      <SourceCards
        empty={
          <EmptyState
            drawing={<Layers size="2.75rem" strokeWidth={1.5} />}
            title="No source yet"
            text="Add the login or the playlist of your provider. Channels, movies and series appear by themselves."
            action={add}
          />
        }
      />
      {adding ? (
        <Dialog title="Add a source" shape="sheet" onClose={() => setAdding(false)}>
          <AddSourceForm
            admin={admin}
            onAdded={provider => {
              setAdding(false)
              showToast(`${provider.name} works. Its content is being fetched.`)
            }}
          />
        </Dialog>
      ) : null}
    </div>
  )
}
