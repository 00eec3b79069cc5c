'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { callApi } from '@/components/shell/api'
import { toFailure } from '@/components/shell/failure'
import { Switch } from '@/components/ui/switch'
import { showToast } from '@/components/ui/toast-store'
import type { ProviderView } from '@/lib/providers/schema'
import { providersQuery } from './queries'

/** Whether the profile in use sees this source. Answers at once, and takes it back when the server refuses. */
export function ShownSwitch({ provider }: { provider: ProviderView }) {
  const client = useQueryClient()
  const set = (shown: boolean) =>
    client.setQueryData(providersQuery.queryKey, old => old?.map(one => (one.id === provider.id ? { ...one, shown } : one)))
  const change = useMutation({
    mutationFn: (shown: boolean) => callApi<unknown>('PUT', `/api/profile/providers/${provider.id}`, { shown }),
    onMutate: set,
    onError: (error, shown) => {
      set(!shown)
      showToast(toFailure(error).say, 'danger')
    },
    onSuccess: () => client.invalidateQueries({ predicate: query => query.queryKey[0] !== 'imports' }),
  })
  return <Switch label="Show in this profile" checked={provider.shown} onChange={shown => change.mutate(shown)} />
}
