'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { callApi } from '@/components/shell/api'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Form } from '@/components/ui/form'
import { IconButton } from '@/components/ui/icon-button'
import { SelectField } from '@/components/ui/select-field'
import { showToast } from '@/components/ui/toast-store'
import { ConversionSettings, HIGHEST_ENCODED, LOWEST_ENCODED } from '@/lib/playback/schema'
import { conversionQuery } from './queries'

const MAX_QUALITIES = 6

const ladderChoices = [
  { value: 'off', label: 'Never' },
  { value: 'converting', label: 'When the picture is converted anyway' },
  { value: 'always', label: 'Whenever there are cores for it' },
]

interface Draft {
  ladder: ConversionSettings['ladder']
  qualities: { id: number; height: string; kilobits: string }[]
}

let nextId = 0
const startDraft = ({ ladder, qualities }: ConversionSettings): Draft => ({
  ladder,
  qualities: qualities.map(({ height, kilobits }) => ({ id: nextId++, height: String(height), kilobits: String(kilobits) })),
})
const toSettings = ({ ladder, qualities }: Draft) => ({
  ladder,
  qualities: qualities.map(({ height, kilobits }) => ({ height: Number(height), kilobits: Number(kilobits) })),
})

function QualityRows({ qualities, onChange }: { qualities: Draft['qualities']; onChange: (rows: Draft['qualities']) => void }) {
  const change = (id: number, part: Partial<Draft['qualities'][number]>) =>
    onChange(qualities.map(row => (row.id === id ? { ...row, ...part } : row)))
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 font-medium">Qualities</legend>
      <p className="text-muted text-sm">
        A converted picture is never higher than the highest of these, nor than it came. Nothing is converted to more than{' '}
        {HIGHEST_ENCODED} lines. What needs no converting stays as it is.
      </p>
      {qualities.map(({ id, height, kilobits }, at) => (
        <div key={id} className="flex items-end gap-3">
          <Field
            label="Lines"
            name={`qualities.${at}.height`}
            inputMode="numeric"
            value={height}
            onChange={event => change(id, { height: event.currentTarget.value })}
          />
          <Field
            label="kbit/s"
            name={`qualities.${at}.kilobits`}
            inputMode="numeric"
            value={kilobits}
            onChange={event => change(id, { kilobits: event.currentTarget.value })}
          />
          <IconButton
            label={`Remove ${height} lines`}
            icon={<X aria-hidden size="1.25rem" />}
            disabled={qualities.length === 1}
            onClick={() => onChange(qualities.filter(row => row.id !== id))}
          />
        </div>
      ))}
      <Button
        type="button"
        className="self-start"
        disabled={qualities.length >= MAX_QUALITIES}
        onClick={() => onChange([...qualities, { id: nextId++, height: '', kilobits: '' }])}
      >
        <Plus aria-hidden size="1.25rem" /> Add a quality
      </Button>
    </fieldset>
  )
}

export function ConversionForm({ settings }: { settings: ConversionSettings }) {
  const [draft, setDraft] = useState(() => startDraft(settings))
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: () => callApi<unknown>('PUT', '/api/conversion-settings', toSettings(draft)),
    onSuccess: () => {
      showToast('The settings were saved.')
      return client.invalidateQueries({ queryKey: conversionQuery.queryKey })
    },
  })
  const isComplete = ConversionSettings.safeParse(toSettings(draft)).success
  return (
    <Form label="Conversion" error={save.error} fields={[]} onSend={() => save.mutate()}>
      {() => (
        <>
          <SelectField
            label="Send several qualities"
            name="ladder"
            hint="Of channels and films. The picture then goes on in a lower one when the connection is slow. Each quality of a channel takes processor time; of a film only the one that is watched."
            options={ladderChoices}
            value={draft.ladder}
            onChange={event => setDraft({ ...draft, ladder: event.currentTarget.value as Draft['ladder'] })}
          />
          <QualityRows qualities={draft.qualities} onChange={qualities => setDraft({ ...draft, qualities })} />
          {isComplete ? null : (
            <p className="text-muted text-sm">
              Each quality needs an even number of lines from {LOWEST_ENCODED} to {HIGHEST_ENCODED}, different from the others,
              and 100 to 40,000 kbit/s.
            </p>
          )}
          <Button type="submit" tone="primary" busy={save.isPending} disabled={!isComplete} className="self-start">
            Save
          </Button>
        </>
      )}
    </Form>
  )
}
