'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { callApi } from '@/components/shell/api'
import { endOfDay, toDay } from '@/components/shell/days'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Form } from '@/components/ui/form'
import { SelectField } from '@/components/ui/select-field'
import { Switch } from '@/components/ui/switch'
import { showToast } from '@/components/ui/toast-store'
import type { PersonChange, PersonView } from '@/lib/accounts/schema'
import { peopleQuery } from './queries'

const heights = {
  any: { lines: null, label: 'Any' },
  p1080: { lines: 1080, label: '1080p (Full HD)' },
  p720: { lines: 720, label: '720p (HD)' },
  p480: { lines: 480, label: '480p (SD)' },
} as const satisfies Record<string, { lines: PersonChange['maxHeight']; label: string }>

const options = Object.entries(heights).map(([value, { label }]) => ({ value, label }))
const choices = Object.keys(heights) as (keyof typeof heights)[]
const choiceOf = (maxHeight: number | null) => choices.find(choice => heights[choice].lines === maxHeight) ?? 'any'

/** Switches an account off, or says until when it may watch and how high a picture. */
export function PersonDialog({ person, onClose }: { person: PersonView; onClose: () => void }) {
  const before = person.accessEndsAt ? toDay(person.accessEndsAt) : ''
  const [allowed, setAllowed] = useState(person.disabledAt === null)
  const [until, setUntil] = useState(before)
  const [highest, setHighest] = useState(() => choiceOf(person.maxHeight))
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: () => {
      const change: PersonChange = {
        ...(allowed === (person.disabledAt === null) ? {} : { disabled: !allowed }),
        ...(until === before ? {} : { accessEndsAt: endOfDay(until) }),
        ...(highest === choiceOf(person.maxHeight) ? {} : { maxHeight: heights[highest].lines }),
      }
      return callApi<unknown>('PATCH', `/api/accounts/${person.id}`, change)
    },
    onSuccess: () => {
      showToast(`${person.name} was saved.`)
      onClose()
      return client.invalidateQueries({ queryKey: peopleQuery.queryKey })
    },
  })
  return (
    <Dialog title={person.name} onClose={onClose}>
      <Form label={person.name} error={save.error} fields={['accessEndsAt']} onSend={() => save.mutate()}>
        {problemAt => (
          <>
            <Switch
              label="May sign in"
              hint="Switched off, everything this account plays stops within seconds, on its devices too."
              checked={allowed}
              onChange={setAllowed}
            />
            <Field
              label="May watch until"
              name="until"
              type="date"
              hint="The end of that day. Afterwards the account can sign in and look around, but nothing plays. Leave empty for no end."
              value={until}
              problem={problemAt('accessEndsAt')}
              onChange={event => setUntil(event.currentTarget.value)}
            />
            <SelectField
              label="Highest picture"
              name="highest"
              hint="On our own pages, from the next thing that is opened. Higher pictures are made smaller."
              value={highest}
              options={options}
              onChange={event => setHighest(event.currentTarget.value as keyof typeof heights)}
            />
            <div className="flex flex-wrap justify-end gap-3">
              <Button onClick={onClose} data-focus-first>
                Leave as it is
              </Button>
              <Button type="submit" tone="primary" busy={save.isPending}>
                Save
              </Button>
            </div>
          </>
        )}
      </Form>
    </Dialog>
  )
}
