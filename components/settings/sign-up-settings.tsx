'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { callApi } from '@/components/shell/api'
import { toFailure } from '@/components/shell/failure'
import { Chip } from '@/components/ui/chip'
import { ErrorState } from '@/components/ui/error-state'
import { Skeleton } from '@/components/ui/skeleton'
import { showToast } from '@/components/ui/toast-store'
import type { SignUpMode } from '@/lib/accounts/schema'
import { houseQuery } from './queries'

const modes: readonly SignUpMode[] = ['open', 'invite', 'closed']

const words: Record<SignUpMode, { label: string; text: string }> = {
  open: { label: 'Anyone', text: 'Anyone who knows the address of this server can make an account.' },
  invite: { label: 'By invitation', text: 'Only people with an invitation can make an account.' },
  closed: { label: 'Nobody', text: 'Nobody can make an account on their own. Invitations you send still work.' },
}

/** Who may make an account here. Administrators only. */
export function SignUpSettings() {
  const house = useQuery(houseQuery)
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: (signUpMode: SignUpMode) => callApi<unknown>('PUT', '/api/settings', { signUpMode }),
    onSuccess: (_, signUpMode) => {
      client.setQueryData(houseQuery.queryKey, { signUpMode })
      showToast('Saved.')
    },
    onError: error => showToast(toFailure(error).say, 'danger'),
  })
  if (house.isPending) return <Skeleton className="h-18 w-full" />
  if (house.isError) return <ErrorState error={house.error} onRetry={() => void house.refetch()} />
  const mode = house.data.signUpMode
  return (
    <fieldset>
      <legend className="mb-2 font-strong text-14">Who may make an account</legend>
      <div className="flex flex-wrap gap-2">
        {modes.map(option => (
          <Chip key={option} selected={option === mode} disabled={save.isPending} onClick={() => save.mutate(option)}>
            {words[option].label}
          </Chip>
        ))}
      </div>
      <p className="mt-2 text-14 text-muted">{words[mode].text}</p>
    </fieldset>
  )
}
