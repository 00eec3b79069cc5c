'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { callApi } from '@/components/shell/api'
import { toFailure } from '@/components/shell/failure'
import { Dialog } from '@/components/ui/dialog'
import { ErrorState } from '@/components/ui/error-state'
import { LogoTile } from '@/components/ui/logo-tile'
import { Poster } from '@/components/ui/poster'
import { Skeleton } from '@/components/ui/skeleton'
import { showToast } from '@/components/ui/toast-store'
import type { ItemCard, ItemPageView } from '@/lib/catalogue/schema'
import { sayUnder } from './item-words'
import { ROOM, twinsQuery } from './queries'

interface MergeDialogProps {
  title: ItemPageView
  onClose: () => void
}

function Twin({ item, onChoose }: { item: ItemCard; onChoose: () => void }) {
  return (
    <button
      type="button"
      onClick={onChoose}
      className="flex w-full items-center gap-4 rounded-card p-2 text-left hover:bg-fill focus-visible:bg-fill"
    >
      {item.kind === 'channel' ? (
        <LogoTile name={item.name} image={item.image} className="h-12 w-20" />
      ) : (
        <span className="w-12 shrink-0">
          <Poster name={item.name} image={item.image} className="rounded-cell" />
        </span>
      )}
      <span className="min-w-0">
        <span className="block truncate font-strong">{item.name}</span>
        <span className="block truncate text-12 text-muted">{sayUnder(item)}</span>
      </span>
    </button>
  )
}

/** Two entries that are the same thing become one with several sources. */
export function MergeDialog({ title, onClose }: MergeDialogProps) {
  const twins = useQuery(twinsQuery(title.id))
  const client = useQueryClient()
  const merge = useMutation({
    mutationFn: (item: ItemCard) => callApi<unknown>('POST', `/api/items/${title.id}/merge`, { itemId: item.id }),
    onSuccess: async (_, item) => {
      showToast(`${item.name} is now one more source of ${title.name}.`)
      onClose()
      await client.invalidateQueries({ queryKey: [ROOM] })
    },
    onError: error => showToast(toFailure(error).say, 'danger'),
  })
  return (
    <Dialog title="Combine with another" shape="sheet" onClose={onClose}>
      <p className="mb-4 text-14 text-muted">
        Choose the entry that is the same thing. Its sources move here, and it is tried when the others fail.
      </p>
      {twins.isPending ? <Skeleton className="h-40 w-full" /> : null}
      {twins.isError ? <ErrorState error={twins.error} onRetry={() => void twins.refetch()} /> : null}
      {twins.data?.length === 0 ? <p className="py-8 text-center">Nothing else looks like this one.</p> : null}
      <ul className="-mx-2 flex flex-col gap-1">
        {twins.data?.map(item => (
          <li key={item.id}>
            <Twin
              item={item}
              onChoose={() => {
                if (!merge.isPending) merge.mutate(item)
              }}
            />
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
