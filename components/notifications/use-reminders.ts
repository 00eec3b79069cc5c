'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { callApi } from '@/components/shell/api'
import { toFailure } from '@/components/shell/failure'
import { showToast } from '@/components/ui/toast-store'
import type { ReminderInput, ReminderView } from '@/lib/notifications/schema'
import { remindersQuery } from './queries'

type Wish = ReminderInput extends infer One ? (One extends unknown ? Omit<One, 'zone'> : never) : never

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

/** Sets a reminder; the list follows. */
export function useSetReminder() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (wish: Wish) => callApi<ReminderView>('POST', '/api/reminders', { ...wish, zone: zone() }),
    onSuccess: () => client.invalidateQueries({ queryKey: remindersQuery.queryKey }),
  })
}

/** Takes a reminder away; the list follows. */
export function useRemoveReminder() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => callApi<unknown>('DELETE', `/api/reminders/${id}`),
    onSuccess: () => showToast('The reminder was removed.'),
    onError: error => showToast(toFailure(error).say, 'danger'),
    onSettled: () => client.invalidateQueries({ queryKey: remindersQuery.queryKey }),
  })
}

/** Changes how long before; the list follows. */
export function useChangeReminder() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, minutes }: { id: number; minutes: number }) =>
      callApi<unknown>('PATCH', `/api/reminders/${id}`, { minutes }),
    onError: error => showToast(toFailure(error).say, 'danger'),
    onSettled: () => client.invalidateQueries({ queryKey: remindersQuery.queryKey }),
  })
}

const markOf = (channel: number, start: number) => `${channel} ${start}`

/** Programmes with a reminder, as the cells of the guide know them: channel and start in ms. */
export interface Marks {
  has: (channel: number | undefined, start: number) => boolean
}

function toMarks(reminders: readonly ReminderView[]): Marks {
  const set = new Set(reminders.flatMap(({ airings }) => airings.map(({ itemId, start }) => markOf(itemId, start * 1_000))))
  return { has: (channel, start) => channel !== undefined && set.has(markOf(channel, start)) }
}

const noMarks = toMarks([])

export const useMarks = (): Marks => useQuery({ ...remindersQuery, select: toMarks }).data ?? noMarks
