'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { RotateCcw } from 'lucide-react'
import { callApi } from '@/components/shell/api'
import { toFailure } from '@/components/shell/failure'
import { showToast } from '@/components/ui/toast-store'
import type { ItemCard } from '@/lib/catalogue/schema'
import { ROOM } from './queries'

/** Takes something out of "Continue watching": it begins at the beginning again. */
export function ForgetButton({ item }: { item: Pick<ItemCard, 'id' | 'name'> }) {
  const client = useQueryClient()
  const forget = useMutation({
    mutationFn: () => callApi<unknown>('DELETE', `/api/history/${item.id}`),
    onSuccess: async () => {
      showToast(`${item.name} starts from the beginning next time.`)
      await client.invalidateQueries({ queryKey: [ROOM] })
    },
    onError: error => showToast(toFailure(error).say, 'danger'),
  })
  return (
    <button
      type="button"
      aria-label="Forget where I stopped"
      title="Forget where I stopped"
      disabled={forget.isPending}
      onClick={() => forget.mutate()}
      className="hairline inline-flex size-13 shrink-0 items-center justify-center rounded-full bg-fill-strong transition duration-120 disabled:opacity-50"
    >
      <RotateCcw aria-hidden size="1.25rem" strokeWidth={1.75} />
    </button>
  )
}
