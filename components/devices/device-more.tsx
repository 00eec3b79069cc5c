'use client'

import { useQuery } from '@tanstack/react-query'
import { providersQuery } from '@/components/providers/queries'
import { Chip } from '@/components/ui/chip'
import { Field } from '@/components/ui/field'
import { PickSome } from '@/components/ui/pick-some'
import { SelectField } from '@/components/ui/select-field'
import type { WhenFull } from '@/lib/accounts/schema'
import type { DeviceDraft } from './device-draft'
import { bouquetsQuery } from './queries'

interface DeviceMoreProps {
  draft: DeviceDraft
  problemAt: (field: string) => string | undefined
  onChange: (change: Partial<DeviceDraft>) => void
}

const formats = [
  { value: 'ts', label: 'Plain stream (.ts)' },
  { value: 'm3u8', label: 'HLS (.m3u8)' },
] as const

const fullChoices = [
  { value: '', label: 'As this server does it' },
  { value: 'replace', label: 'The newest plays, the oldest stops' },
  { value: 'refuse', label: 'The newest is refused' },
]

const toWhenFull = (value: string): WhenFull | null => (value === 'replace' || value === 'refuse' ? value : null)

function FormatChoice({ draft, problemAt, onChange }: DeviceMoreProps) {
  const toggle = (value: 'ts' | 'm3u8') => {
    const rest = draft.formats.filter(one => one !== value)
    onChange({ formats: rest.length === draft.formats.length ? [...rest, value] : rest })
  }
  const none = draft.formats.length === 0 ? 'Choose at least one.' : undefined
  const problem = problemAt('formats') ?? none
  return (
    <fieldset>
      <legend className="mb-2 font-strong text-14">Formats</legend>
      <div className="flex flex-wrap gap-2">
        {formats.map(({ value, label }) => (
          <Chip key={value} selected={draft.formats.includes(value)} onClick={() => toggle(value)}>
            {label}
          </Chip>
        ))}
      </div>
      <p className={`mt-2 text-14 ${problem ? 'text-danger' : 'text-muted'}`}>
        {problem ?? 'Most apps take either. Leave both on if you are not sure.'}
      </p>
    </fieldset>
  )
}

/** What a device works well without. */
export function DeviceMore({ draft, problemAt, onChange }: DeviceMoreProps) {
  const providers = useQuery(providersQuery).data ?? []
  const bouquets = useQuery(bouquetsQuery).data ?? []
  return (
    <>
      <SelectField
        label="When all its streams are in use"
        name="whenFull"
        options={fullChoices}
        value={draft.whenFull ?? ''}
        onChange={event => onChange({ whenFull: toWhenFull(event.currentTarget.value) })}
      />
      <Field
        label="Works until"
        name="until"
        type="date"
        hint="Leave empty for no end."
        value={draft.until}
        problem={problemAt('expiresAt')}
        onChange={event => onChange({ until: event.currentTarget.value })}
      />
      <PickSome
        label="Which sources"
        all="All sources"
        options={providers}
        value={draft.providerIds}
        onChange={providerIds => onChange({ providerIds })}
      />
      {bouquets.length > 0 ? (
        <PickSome
          label="Which bouquets of this server"
          all="Everything"
          options={bouquets}
          value={draft.bouquetIds}
          onChange={bouquetIds => onChange({ bouquetIds })}
        />
      ) : null}
      <FormatChoice draft={draft} problemAt={problemAt} onChange={onChange} />
    </>
  )
}
