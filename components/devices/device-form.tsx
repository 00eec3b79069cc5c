'use client'

import { useState } from 'react'
import { toFailure } from '@/components/shell/failure'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Form } from '@/components/ui/form'
import { MoreOptions } from '@/components/ui/more-options'
import { Stepper } from '@/components/ui/stepper'
import type { LineView } from '@/lib/accounts/schema'
import { type DeviceDraft, startDraft } from './device-draft'
import { DeviceMore } from './device-more'
import { isRuleField } from './rules-draft'
import { RulesFields } from './rules-fields'

interface DeviceFormProps {
  /** Null adds one. */
  line: LineView | null
  busy: boolean
  error: Error | null
  onSend: (after: DeviceDraft, before: DeviceDraft) => void
}

/** As many as a household has screens; the server holds the same line. */
const MAX_STREAMS = 20
const fields = ['name', 'username', 'maxConnections', 'formats', 'expiresAt']
const moreFields = ['username', 'formats', 'expiresAt', 'providerIds', 'bouquetIds']

/** Name and number of streams; the rest is behind "More". */
export function DeviceForm({ line, busy, error, onSend }: DeviceFormProps) {
  const [before] = useState(() => startDraft(line))
  const [draft, setDraft] = useState(before)
  const change = (part: Partial<DeviceDraft>) => setDraft(old => ({ ...old, ...part }))
  const field = error ? toFailure(error).field : undefined
  const label = line ? `Edit ${line.name}` : 'Add a device'
  return (
    <Form label={label} error={error} fields={fields} onSend={() => onSend(draft, before)}>
      {problemAt => (
        <>
          <Field
            label="Name"
            name="name"
            placeholder="Living room"
            maxLength={60}
            autoComplete="off"
            value={draft.name}
            problem={problemAt('name')}
            onChange={event => change({ name: event.currentTarget.value })}
            data-focus-first
          />
          <Stepper
            label="Streams at once"
            hint="How many screens may play at the same time."
            min={1}
            max={Math.max(MAX_STREAMS, before.maxConnections)}
            value={draft.maxConnections}
            problem={problemAt('maxConnections')}
            onChange={maxConnections => change({ maxConnections })}
          />
          <MoreOptions label="More" open={field !== undefined && moreFields.includes(field)}>
            {line ? null : (
              <Field
                label="User name"
                name="username"
                autoCapitalize="none"
                autoCorrect="off"
                spellCheck={false}
                autoComplete="off"
                hint="Leave empty and we make one that is quick to type."
                value={draft.username}
                problem={problemAt('username')}
                onChange={event => change({ username: event.currentTarget.value })}
              />
            )}
            <DeviceMore draft={draft} problemAt={problemAt} onChange={change} />
          </MoreOptions>
          <MoreOptions label="Advanced: places and apps" open={isRuleField(field)}>
            <RulesFields draft={draft.rules} onChange={rules => change({ rules })} />
          </MoreOptions>
          <Button type="submit" tone="primary" size="large" busy={busy} disabled={draft.formats.length === 0}>
            {line ? 'Save' : 'Add this device'}
          </Button>
        </>
      )}
    </Form>
  )
}
