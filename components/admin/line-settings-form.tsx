'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { isRuleField, startRules, toRules } from '@/components/devices/rules-draft'
import { RulesFields } from '@/components/devices/rules-fields'
import { callApi } from '@/components/shell/api'
import { toFailure } from '@/components/shell/failure'
import { Button } from '@/components/ui/button'
import { ErrorState } from '@/components/ui/error-state'
import { Form } from '@/components/ui/form'
import { MoreOptions } from '@/components/ui/more-options'
import { SelectField } from '@/components/ui/select-field'
import { Skeleton } from '@/components/ui/skeleton'
import { Switch } from '@/components/ui/switch'
import { showToast } from '@/components/ui/toast-store'
import type { LineSettings } from '@/lib/accounts/schema'
import { lineSettingsQuery } from './queries'

const fullChoices = [
  { value: 'replace', label: 'The newest plays, the oldest stops' },
  { value: 'refuse', label: 'The newest is refused' },
]

function SettingsForm({ settings }: { settings: LineSettings }) {
  const [draft, setDraft] = useState({ ...settings, rules: startRules(settings.rules) })
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: () => callApi<unknown>('PUT', '/api/line-settings', { ...draft, rules: toRules(draft.rules) }),
    onSuccess: () => {
      showToast('The rules were saved.')
      return client.invalidateQueries({ queryKey: lineSettingsQuery.queryKey })
    },
  })
  const count = Object.values(toRules(draft.rules)).flat().length
  const refused = save.error ? isRuleField(toFailure(save.error).field) : false
  return (
    <Form label="Rules for all devices" error={save.error} fields={[]} onSend={() => save.mutate()}>
      {() => (
        <>
          <SelectField
            label="When all streams of a device are in use"
            name="whenFull"
            hint="A device may have its own answer."
            options={fullChoices}
            value={draft.whenFull}
            onChange={event => setDraft({ ...draft, whenFull: event.currentTarget.value === 'refuse' ? 'refuse' : 'replace' })}
          />
          <Switch
            label="Say why in a short clip"
            hint="When a stream cannot play, the app shows the reason instead of a black screen."
            checked={draft.slates}
            onChange={slates => setDraft({ ...draft, slates })}
          />
          <Switch
            label="Keep streams where they were opened"
            hint="A copied stream address does not play from another network address. Phones that change networks start again."
            checked={draft.bindAddress}
            onChange={bindAddress => setDraft({ ...draft, bindAddress })}
          />
          <MoreOptions label={count === 0 ? 'Places and apps: all are welcome' : 'Places and apps: some rules'} open={refused}>
            <RulesFields draft={draft.rules} onChange={rules => setDraft({ ...draft, rules })} />
          </MoreOptions>
          <Button type="submit" tone="primary" busy={save.isPending} className="self-start">
            Save rules
          </Button>
        </>
      )}
    </Form>
  )
}

/** What counts for the devices of every account. */
export function LineSettingsForm() {
  const settings = useQuery(lineSettingsQuery)
  if (settings.isPending) return <Skeleton className="h-56 w-full" />
  if (!settings.data) return <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />
  return <SettingsForm settings={settings.data} />
}
