'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { callApi } from '@/components/shell/api'
import { toFailure } from '@/components/shell/failure'
import { showToast } from '@/components/ui/toast-store'
import { historyQuery, homeQuery, ROOM } from './queries'

/** The same data with the heart of one item changed, wherever it occurs; untouched parts keep their identity. */
function withFavourite(data: unknown, id: number, favourite: boolean): unknown {
  if (Array.isArray(data)) {
    const next = data.map(one => withFavourite(one, id, favourite))
    return next.some((one, at) => one !== data[at]) ? next : data
  }
  if (data === null || typeof data !== 'object') return data
  let next: Record<string, unknown> = data as Record<string, unknown>
  for (const [key, value] of Object.entries(data)) {
    if (value === null || typeof value !== 'object') continue
    const changed = withFavourite(value, id, favourite)
    if (changed !== value) next = { ...next, [key]: changed }
  }
  return 'favourite' in next && next.id === id ? { ...next, favourite } : next
}

/** Puts an item among the favourites or takes it out; shows it at once and takes it back when refused. */
export function useFavourite(id: number, name: string): (favourite: boolean) => void {
  const client = useQueryClient()
  const show = (favourite: boolean) => {
    client.setQueriesData({ queryKey: [ROOM] }, (data: unknown) => withFavourite(data, id, favourite))
  }
  const change = useMutation({
    mutationFn: (favourite: boolean) => callApi<unknown>(favourite ? 'PUT' : 'DELETE', `/api/favourites/${id}`),
    onMutate: show,
    onError: (error, favourite) => {
      show(!favourite)
      showToast(toFailure(error).say, 'danger')
    },
    onSuccess: async (_, favourite) => {
      showToast(favourite ? `${name} is among your favourites.` : `${name} is no longer among your favourites.`)
      await Promise.all([
        client.invalidateQueries({ queryKey: homeQuery.queryKey }),
        client.invalidateQueries({ queryKey: historyQuery.queryKey }),
      ])
    },
  })
  return change.mutate
}
