'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { callApi } from '@/components/shell/api'
import { toFailure } from '@/components/shell/failure'
import { sayDate } from '@/components/shell/say-time'
import { Button } from '@/components/ui/button'
import { CopyField } from '@/components/ui/copy-field'
import { ErrorState } from '@/components/ui/error-state'
import { Field } from '@/components/ui/field'
import { Form } from '@/components/ui/form'
import { IconButton } from '@/components/ui/icon-button'
import { Skeleton } from '@/components/ui/skeleton'
import { showToast } from '@/components/ui/toast-store'
import type { InviteView } from '@/lib/accounts/schema'
import { invitesQuery } from './queries'

function NewLink({ link }: { link: string }) {
  return (
    <div role="status" className="rounded-card bg-accent-soft p-4">
      <CopyField label="Send this link; it works once" value={link} copy="Copy the link" />
    </div>
  )
}

function InviteList({ invites, onRemove }: { invites: readonly InviteView[]; onRemove: (id: string) => void }) {
  if (invites.length === 0) return <p className="text-14 text-muted">No invitations are open.</p>
  return (
    <ul aria-label="Invitations">
      {invites.map(invite => (
        <li key={invite.id} className="flex min-h-14 items-center gap-4 py-2 [&+li]:hairline-t">
          <span className="min-w-0 grow">
            <span className="block truncate">{invite.note || 'Without a note'}</span>
            <span className="block text-12 text-muted">{invite.used ? 'Used' : `Works until ${sayDate(invite.expiresAt)}`}</span>
          </span>
          <IconButton
            label={`Take back the invitation ${invite.note}`.trim()}
            icon={<Trash2 aria-hidden size="1.125rem" strokeWidth={1.75} />}
            onClick={() => onRemove(invite.id)}
          />
        </li>
      ))}
    </ul>
  )
}

/** Invitations to this server. Administrators only. */
export function InviteSettings() {
  const invites = useQuery(invitesQuery)
  const client = useQueryClient()
  const [link, setLink] = useState<string | null>(null)
  const again = () => client.invalidateQueries({ queryKey: invitesQuery.queryKey })
  const invite = useMutation({
    mutationFn: ({ note = '' }: Readonly<Record<string, string>>) =>
      callApi<{ invite: InviteView; link: string }>('POST', '/api/invites', { note }),
    onSuccess: made => {
      setLink(made.link)
      return again()
    },
  })
  const remove = useMutation({
    mutationFn: (id: string) => callApi<unknown>('DELETE', `/api/invites/${id}`),
    onError: error => showToast(toFailure(error).say, 'danger'),
    onSettled: again,
  })
  return (
    <div className="mt-7 flex flex-col gap-5">
      <Form key={link} label="Invite someone" error={invite.error} fields={['note']} onSend={values => invite.mutate(values)}>
        {problemAt => (
          <div className="flex flex-wrap items-end gap-3">
            <Field
              label="Invite someone"
              name="note"
              placeholder="For whom"
              maxLength={120}
              problem={problemAt('note')}
              className="min-w-48 grow"
            />
            <Button type="submit" size="large" busy={invite.isPending} icon={<Plus aria-hidden size="1.125rem" />}>
              Create invitation
            </Button>
          </div>
        )}
      </Form>
      {link ? <NewLink link={link} /> : null}
      {invites.isPending ? <Skeleton className="h-14 w-full" /> : null}
      {invites.isError ? <ErrorState error={invites.error} onRetry={() => void invites.refetch()} /> : null}
      {invites.data ? <InviteList invites={invites.data} onRemove={id => remove.mutate(id)} /> : null}
    </div>
  )
}
