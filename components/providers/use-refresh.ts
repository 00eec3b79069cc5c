'use client'

import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query'
import { callApi } from '@/components/shell/api'
import { toFailure } from '@/components/shell/failure'
import { showToast } from '@/components/ui/toast-store'
import type { ImportView } from '@/lib/catalogue/schema'
import { importsQuery } from './queries'

type Part = 'channels' | 'movies' | 'series'

export interface Refresh {
  start: UseMutationResult<ImportView, Error, Part[] | undefined>
  cancel: UseMutationResult<unknown, Error, void>
}

/** Starts and stops refreshes of one source; what fails is said in a toast. */
export function useRefresh(providerId: number): Refresh {
  const client = useQueryClient()
  const again = () => client.invalidateQueries({ queryKey: importsQuery.queryKey })
  const onError = (error: Error) => showToast(toFailure(error).say, 'danger')
  const start = useMutation({
    mutationFn: (parts: Part[] | undefined) =>
      callApi<ImportView>('POST', `/api/providers/${providerId}/refresh`, parts ? { parts } : {}),
    onSuccess: job => {
      client.setQueryData(importsQuery.queryKey, old => [...(old ?? []).filter(one => one.providerId !== providerId), job])
    },
    onError,
    onSettled: again,
  })
  const cancel = useMutation({
    mutationFn: () => callApi<unknown>('POST', `/api/providers/${providerId}/cancel`),
    onError,
    onSettled: again,
  })
  return { start, cancel }
}
