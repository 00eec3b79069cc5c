'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { callApi } from '@/components/shell/api'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Form } from '@/components/ui/form'
import { ProgressBar } from '@/components/ui/progress-bar'
import type { ProviderView } from '@/lib/providers/schema'
import { KindChoice } from './kind-choice'
import { LoginFields } from './login-fields'
import { MoreFields } from './more-fields'
import { nameFromAddress } from './pasted-login'
import { PlaylistFields } from './playlist-fields'
import { emptyDraft, type SourceDraft, toProviderInput } from './source-draft'

interface AddSourceFormProps {
  admin: boolean
  onAdded: (provider: ProviderView) => void
}

const fields = ['name', 'address', 'username', 'password', 'playlistUrl', 'playlistText', 'guideUrl', 'userAgent']

function Testing({ host }: { host: string }) {
  return (
    <div role="status" className="flex flex-col gap-2">
      <span className="text-14 text-muted">Asking {host || 'the provider'} whether this works. It can take 15 seconds.</span>
      <ProgressBar label="Testing the source" />
    </div>
  )
}

/** One short form: it is tested while you wait, and what is wrong stands at the field that is wrong. */
export function AddSourceForm({ admin, onAdded }: AddSourceFormProps) {
  const [draft, setDraft] = useState<SourceDraft>(emptyDraft)
  const client = useQueryClient()
  const add = useMutation({
    mutationFn: () => callApi<ProviderView>('POST', '/api/providers', toProviderInput(draft)),
    onSuccess: async provider => {
      onAdded(provider)
      await client.invalidateQueries()
    },
  })
  const change = (part: Partial<SourceDraft>) => setDraft(old => ({ ...old, ...part }))
  const host = nameFromAddress(draft.kind === 'xtream' ? draft.address : draft.playlistUrl)

  return (
    <Form label="Add a source" error={add.error} fields={fields} onSend={() => add.mutate()}>
      {problemAt => (
        <>
          <KindChoice
            value={draft.kind}
            onChange={kind => {
              add.reset()
              change({ kind })
            }}
          />
          {draft.kind === 'xtream' ? (
            <LoginFields draft={draft} problemAt={problemAt} onChange={change} />
          ) : (
            <PlaylistFields draft={draft} problemAt={problemAt} onChange={change} />
          )}
          <Field
            label="Name"
            name="name"
            maxLength={60}
            placeholder={host || 'My television'}
            hint="How this source is called here. Without one we use the server's."
            value={draft.name}
            problem={problemAt('name')}
            onChange={event => change({ name: event.currentTarget.value })}
          />
          <MoreFields draft={draft} admin={admin} problemAt={problemAt} onChange={change} />
          {add.isPending ? <Testing host={host} /> : null}
          <Button type="submit" tone="primary" size="large" busy={add.isPending}>
            Test and add
          </Button>
        </>
      )}
    </Form>
  )
}
