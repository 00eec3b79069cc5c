'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { callApi } from '@/components/shell/api'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Form } from '@/components/ui/form'
import { showToast } from '@/components/ui/toast-store'
import type { ProviderChange, ProviderView } from '@/lib/providers/schema'
import { DeliveryChoice } from './delivery-choice'
import { LoginFields } from './login-fields'
import { MoreFields } from './more-fields'
import { PlaylistFields } from './playlist-fields'
import { emptyDraft, type SourceDraft, toRefreshHours } from './source-draft'
import { SourceLogins } from './source-logins'

interface EditSourceFormProps {
  provider: ProviderView
  onDone: () => void
}

const texts = ['name', 'address', 'username', 'password', 'playlistUrl', 'playlistText', 'guideUrl', 'userAgent'] as const

function startDraft(provider: ProviderView): SourceDraft {
  const address = provider.kind === 'xtream' ? provider.address : ''
  return {
    ...emptyDraft,
    kind: provider.kind,
    name: provider.name,
    address,
    refreshHours: toRefreshHours(String(provider.refreshHours)),
    autoMerge: provider.autoMerge,
    delivery: provider.delivery,
  }
}

/** Only what was changed is sent; what was left empty stays. */
function findChange(before: SourceDraft, after: SourceDraft): ProviderChange {
  const change: ProviderChange = {}
  for (const key of texts) if (after[key] !== before[key] && after[key] !== '') change[key] = after[key]
  if (after.refreshHours !== before.refreshHours) change.refreshHours = after.refreshHours
  if (after.autoMerge !== before.autoMerge) change.autoMerge = after.autoMerge
  if (after.delivery !== before.delivery) change.delivery = after.delivery
  return change
}

export function EditSourceForm({ provider, onDone }: EditSourceFormProps) {
  const [before] = useState(() => startDraft(provider))
  const [draft, setDraft] = useState(before)
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: () => callApi<ProviderView>('PATCH', `/api/providers/${provider.id}`, findChange(before, draft)),
    onSuccess: async saved => {
      showToast(`${saved.name} was saved.`)
      onDone()
      await client.invalidateQueries()
    },
  })
  const change = (part: Partial<SourceDraft>) => setDraft(old => ({ ...old, ...part }))
  return (
    <>
      <Form label={`Edit ${provider.name}`} error={save.error} fields={texts} onSend={() => save.mutate()}>
        {problemAt => (
          <>
            <Field
              label="Name"
              name="name"
              maxLength={60}
              value={draft.name}
              problem={problemAt('name')}
              onChange={event => change({ name: event.currentTarget.value })}
            />
            {provider.kind === 'xtream' ? (
              <LoginFields draft={draft} editing problemAt={problemAt} onChange={change} />
            ) : (
              <PlaylistFields draft={draft} problemAt={problemAt} onChange={change} />
            )}
            <DeliveryChoice value={draft.delivery} onChange={delivery => change({ delivery })} />
            <MoreFields draft={draft} admin={false} problemAt={problemAt} onChange={change} />
            <Button type="submit" tone="primary" size="large" busy={save.isPending}>
              Save
            </Button>
          </>
        )}
      </Form>
      {provider.kind === 'xtream' ? <SourceLogins providerId={provider.id} /> : null}
    </>
  )
}
