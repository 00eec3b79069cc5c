import { queryOptions } from '@tanstack/react-query'
import { getView } from '@/components/shell/api'
import { isLive } from '@/components/shell/realtime/live'
import type { ImportView } from '@/lib/catalogue/schema'
import { SECOND } from '@/lib/kernel/time'
import type { LoginView, ProviderView } from '@/lib/providers/schema'

export interface ProviderContents {
  channels: number
  movies: number
  series: number
  favourites: number
  watched: number
}

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: ({ signal }) => getView<ProviderView[]>('/api/providers', signal),
})

export const isRunning = (job: ImportView): boolean => job.state === 'queued' || job.state === 'running'

export const importsQuery = queryOptions({
  queryKey: ['imports'],
  queryFn: ({ signal }) => getView<ImportView[]>('/api/imports', signal),
  staleTime: SECOND,
  // A running refresh is watched closely, quiet sources are glanced at; while news come by themselves a glance is enough.
  refetchInterval: query => (query.state.data?.some(isRunning) ? (isLive() ? 5 : 1) : 20) * SECOND,
})

export function contentsQuery(id: number) {
  return queryOptions({
    queryKey: ['providers', id, 'contents'],
    queryFn: ({ signal }) => getView<ProviderContents>(`/api/providers/${id}/contents`, signal),
    staleTime: 0,
  })
}

export function loginsQuery(id: number) {
  return queryOptions({
    queryKey: ['providers', id, 'logins'],
    queryFn: ({ signal }) => getView<LoginView[]>(`/api/providers/${id}/logins`, signal),
  })
}
