'use client'

import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query'
import { callApi } from '@/components/shell/api'
import { toFailure } from '@/components/shell/failure'
import { showToast } from '@/components/ui/toast-store'
import type { MatchDecision } from '@/lib/epg/schema'
import { ROOM } from './queries'

/** Says which guide a channel has; what fails is said in a toast. */
export function useDecide(itemId: number): UseMutationResult<unknown, Error, MatchDecision> {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (decision: MatchDecision) => callApi<unknown>('PUT', `/api/guide-matches/${itemId}`, decision),
    onError: error => showToast(toFailure(error).say, 'danger'),
    onSettled: () => client.invalidateQueries({ queryKey: [ROOM, 'matches'] }),
  })
}
