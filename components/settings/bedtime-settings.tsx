'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { callApi } from '@/components/shell/api'
import { meQuery } from '@/components/shell/queries'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import { Field } from '@/components/ui/field'
import { Form } from '@/components/ui/form'
import { PasswordField } from '@/components/ui/password-field'
import { Switch } from '@/components/ui/switch'
import { showToast } from '@/components/ui/toast-store'
import type { Bedtime, BedtimeInput, ProfileView } from '@/lib/profiles/schema'

const days = [
  [1, 'Mon', 'Monday'],
  [2, 'Tue', 'Tuesday'],
  [3, 'Wed', 'Wednesday'],
  [4, 'Thu', 'Thursday'],
  [5, 'Fri', 'Friday'],
  [6, 'Sat', 'Saturday'],
  [0, 'Sun', 'Sunday'],
] as const

/** Evenings before school. */
const usual = { days: [0, 1, 2, 3, 4], from: '21:00', to: '07:00' }

function DayChoice({ value, onChange }: { value: readonly number[]; onChange: (days: number[]) => void }) {
  const toggle = (day: number) => onChange(value.includes(day) ? value.filter(one => one !== day) : [...value, day])
  return (
    <fieldset>
      <legend className="mb-2 font-strong text-14">Begins on</legend>
      <div className="flex flex-wrap gap-2">
        {days.map(([day, label, name]) => (
          <Chip key={day} aria-label={name} selected={value.includes(day)} onClick={() => toggle(day)}>
            {label}
          </Chip>
        ))}
      </div>
      {value.length === 0 ? <p className="mt-2 text-14 text-danger">Choose at least one day.</p> : null}
    </fieldset>
  )
}

function sayZone(timeZone: string): string {
  const place = timeZone.split('/').at(-1)?.replaceAll('_', ' ') ?? timeZone
  return place === 'UTC' ? 'Times are UTC.' : `Times are those of ${place}.`
}

interface BedtimeSettingsProps {
  profile: ProfileView
  /** Accounts that sign in elsewhere have none to ask for. */
  passwordSet: boolean
}

/** When this profile does not watch. Only whoever knows the account's password changes it. */
export function BedtimeSettings({ profile, passwordSet }: BedtimeSettingsProps) {
  const [on, setOn] = useState(profile.bedtime !== null)
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const [draft, setDraft] = useState<Bedtime>(profile.bedtime ?? { ...usual, timeZone: zone })
  const change = (part: Partial<Bedtime>) => setDraft(old => ({ ...old, ...part }))
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: ({ password = '' }: Readonly<Record<string, string>>) => {
      const body: BedtimeInput = { bedtime: on ? draft : null, password }
      return callApi<ProfileView>('PUT', '/api/profile/bedtime', body)
    },
    onSuccess: async () => {
      showToast(on ? 'The bedtime was saved.' : 'There is no bedtime any more.')
      await client.invalidateQueries({ queryKey: meQuery.queryKey })
    },
  })
  if (!on && profile.bedtime === null) {
    return <Switch label="Bedtime" hint="Nothing plays in this time, on no device." checked={false} onChange={setOn} />
  }
  return (
    <Form label="Bedtime" error={save.error} fields={['password', 'bedtime.to']} onSend={values => save.mutate(values)}>
      {problemAt => (
        <>
          <Switch label="Bedtime" hint="Nothing plays in this time, on no device." checked={on} onChange={setOn} />
          {on ? (
            <>
              <DayChoice value={draft.days} onChange={next => change({ days: next })} />
              <div className="grid grid-cols-2 gap-4">
                <Field
                  label="From"
                  name="from"
                  type="time"
                  value={draft.from}
                  onChange={event => change({ from: event.currentTarget.value })}
                />
                <Field
                  label="Until"
                  name="to"
                  type="time"
                  value={draft.to}
                  problem={problemAt('bedtime.to')}
                  onChange={event => change({ to: event.currentTarget.value })}
                />
              </div>
              <p className="-mt-3 text-14 text-muted">
                {draft.to < draft.from ? 'Until the next morning. ' : ''}
                {sayZone(draft.timeZone)}
              </p>
            </>
          ) : null}
          {passwordSet ? (
            <PasswordField
              label="Password of the account"
              name="password"
              autoComplete="current-password"
              hint="So that only you can change this."
              problem={problemAt('password')}
            />
          ) : null}
          <Button
            type="submit"
            tone="primary"
            busy={save.isPending}
            disabled={on && draft.days.length === 0}
            className="self-start"
          >
            Save bedtime
          </Button>
        </>
      )}
    </Form>
  )
}
