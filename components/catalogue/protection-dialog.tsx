'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { callApi } from '@/components/shell/api'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { ErrorState } from '@/components/ui/error-state'
import { Field } from '@/components/ui/field'
import { Form } from '@/components/ui/form'
import { PasswordField } from '@/components/ui/password-field'
import { SelectField } from '@/components/ui/select-field'
import { Skeleton } from '@/components/ui/skeleton'
import { showToast } from '@/components/ui/toast-store'
import type { ItemPageView } from '@/lib/catalogue/schema'
import type { DrmView } from '@/lib/playback/schema'
import { problemsIn, sayProtection, systems, toInput, type Way, wayOf } from './protection-draft'
import { protectionQuery } from './protection-query'

const ways: readonly { value: Way; label: string }[] = [
  { value: 'open', label: 'Not protected' },
  { value: 'keys', label: 'Clear Key' },
  { value: 'servers', label: 'A licence server' },
  { value: 'packaged', label: 'Encrypted by us' },
]
const forms = [
  { value: 'generic', label: 'The usual one' },
  { value: 'axinom', label: 'Axinom' },
  { value: 'drmtoday', label: 'DRMtoday' },
  { value: 'doverunner', label: 'DoveRunner (PallyCon)' },
]

type Problems = Readonly<Record<string, string>>

function KeyFields({ problems }: { problems: Problems }) {
  return (
    <>
      <Field label="Key id" name="keyId" autoComplete="off" spellCheck={false} problem={problems.keyId} />
      <PasswordField label="Key" name="key" autoComplete="off" problem={problems.key} />
    </>
  )
}

function ServerFields({ problems }: { problems: Problems }) {
  return (
    <>
      {systems.map(({ field, name }) => (
        <Field key={field} label={`${name} address`} name={field} type="url" autoComplete="off" problem={problems[field]} />
      ))}
      <Field label="FairPlay certificate" name="certificate" type="url" autoComplete="off" problem={problems.certificate} />
      <SelectField label="How the server is asked" name="form" options={forms} defaultValue="generic" />
      <Field
        label="Name of the token"
        name="header"
        autoComplete="off"
        hint="A header, such as X-Token."
        problem={problems.header}
      />
      <PasswordField label="Token" name="token" autoComplete="off" problem={problems.token} />
    </>
  )
}

function ProtectionForm({ title, saved, onClose }: { title: ItemPageView; saved: DrmView; onClose: () => void }) {
  const [way, setWay] = useState<Way>(() => wayOf(saved))
  const [problems, setProblems] = useState<Problems>({})
  const client = useQueryClient()
  const path = `/api/items/${title.id}/drm`
  const save = useMutation({
    mutationFn: (values: Readonly<Record<string, string>>) =>
      way === 'open' ? callApi<unknown>('DELETE', path) : callApi<unknown>('PUT', path, toInput(way, values)),
    onSuccess: async () => {
      showToast('The protection was saved.')
      onClose()
      await client.invalidateQueries({ queryKey: protectionQuery(title.id).queryKey })
    },
  })
  const send = (values: Readonly<Record<string, string>>) => {
    const found = problemsIn(way, values)
    setProblems(found)
    if (Object.keys(found).length === 0) save.mutate(values)
  }
  const choose = (next: Way) => {
    setWay(next)
    setProblems({})
  }
  return (
    <Form label="Protection" error={save.error} fields={[]} onSend={send}>
      {() => (
        <>
          <p className="text-14 text-muted">Now: {sayProtection(saved)}</p>
          <SelectField
            label="How it is unlocked"
            name="way"
            options={ways.filter(({ value }) => value !== 'packaged' || title.kind !== 'channel')}
            value={way}
            onChange={event => choose(event.currentTarget.value as Way)}
          />
          {way === 'keys' ? <KeyFields problems={problems} /> : null}
          {way === 'servers' ? <ServerFields problems={problems} /> : null}
          {way === 'keys' || way === 'servers' ? (
            <p className="text-14 text-muted">Keys and tokens are not shown again. Saving replaces all that was set before.</p>
          ) : null}
          <Button type="submit" tone="primary" busy={save.isPending} className="self-start">
            Save
          </Button>
        </>
      )}
    </Form>
  )
}

/** How a protected channel or film is unlocked. */
export function ProtectionDialog({ title, onClose }: { title: ItemPageView; onClose: () => void }) {
  const saved = useQuery(protectionQuery(title.id))
  return (
    <Dialog title="Protection" shape="sheet" onClose={onClose}>
      {saved.isPending ? <Skeleton className="h-40 w-full" /> : null}
      {saved.isError ? <ErrorState error={saved.error} onRetry={() => void saved.refetch()} /> : null}
      {saved.data ? <ProtectionForm title={title} saved={saved.data} onClose={onClose} /> : null}
    </Dialog>
  )
}
