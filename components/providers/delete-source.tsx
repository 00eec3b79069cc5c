'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { callApi } from '@/components/shell/api'
import { toFailure } from '@/components/shell/failure'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { showToast } from '@/components/ui/toast-store'
import type { ProviderView } from '@/lib/providers/schema'
import { contentsQuery, type ProviderContents, providersQuery } from './queries'

interface DeleteSourceProps {
  provider: ProviderView
  onClose: () => void
}

const words = [
  ['channels', 'channel', 'channels'],
  ['movies', 'movie', 'movies'],
  ['series', 'series', 'series'],
  ['favourites', 'favourite', 'favourites'],
  ['watched', 'watched title', 'watched titles'],
] as const

function WhatGoes({ contents }: { contents: ProviderContents }) {
  const lines = words.filter(([key]) => contents[key] > 0)
  if (lines.length === 0) return <p className="text-muted">Nothing has been fetched from it yet.</p>
  return (
    <ul className="flex flex-col gap-1.5">
      {lines.map(([key, one, many]) => (
        <li key={key} className="flex items-baseline gap-3">
          <span className="min-w-20 text-right font-strong tabular-nums">{contents[key].toLocaleString()}</span>
          <span className="text-muted">{contents[key] === 1 ? one : many}</span>
        </li>
      ))}
    </ul>
  )
}

/** Names what goes before it goes. */
export function DeleteSource({ provider, onClose }: DeleteSourceProps) {
  const contents = useQuery(contentsQuery(provider.id))
  const client = useQueryClient()
  const remove = useMutation({
    mutationFn: () => callApi<unknown>('DELETE', `/api/providers/${provider.id}`),
    onSuccess: async () => {
      showToast(`${provider.name} was deleted.`)
      onClose()
      client.setQueryData(providersQuery.queryKey, old => old?.filter(one => one.id !== provider.id))
      await client.invalidateQueries()
    },
  })
  return (
    <Dialog title={`Delete ${provider.name}?`} onClose={onClose}>
      <div className="flex flex-col gap-5">
        <p>This goes with it{provider.platform ? ', for every account on this server' : ''}:</p>
        <div className="min-h-32">
          {contents.isPending ? <Skeleton className="h-32 w-full" /> : null}
          {contents.data ? <WhatGoes contents={contents.data} /> : null}
          {contents.isError ? (
            <Notice tone="warn">We could not count what is inside. Everything only this source has will be removed.</Notice>
          ) : null}
        </div>
        <p className="text-14 text-muted">What another source carries too stays. This cannot be undone.</p>
        {remove.error ? (
          <Notice tone="danger" live>
            {toFailure(remove.error).say}
          </Notice>
        ) : null}
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={onClose}>Keep it</Button>
          <Button tone="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            Delete this source
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
