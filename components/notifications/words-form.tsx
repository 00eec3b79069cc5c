'use client'

import { useRef } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Form } from '@/components/ui/form'
import { SelectField } from '@/components/ui/select-field'
import { showToast } from '@/components/ui/toast-store'
import { leadOptions, sayFound, toLeadTime } from './reminder-words'
import { useSetReminder } from './use-reminders'

/** A reminder for everything whose title has some words, on any channel. */
export function WordsForm() {
  const set = useSetReminder()
  const box = useRef<HTMLDivElement>(null)
  const send = ({ words = '', minutes = '5' }: Readonly<Record<string, string>>) =>
    set.mutate(
      { kind: 'search', words, minutes: toLeadTime(minutes) },
      {
        onSuccess: ({ airings }) => {
          box.current?.querySelector('form')?.reset()
          showToast(sayFound(airings.length))
        },
      },
    )
  return (
    <div ref={box}>
      <Form label="Reminder by words" error={set.error} fields={['words']} onSend={send}>
        {problemAt => (
          <>
            <Field
              label="Words in the title"
              name="words"
              maxLength={80}
              autoComplete="off"
              placeholder="For example: Hamburg Bremen"
              problem={problemAt('words')}
            />
            <SelectField label="How long before" name="minutes" defaultValue="5" options={leadOptions} />
            <Button type="submit" tone="primary" busy={set.isPending} className="self-start">
              Remind me
            </Button>
          </>
        )}
      </Form>
    </div>
  )
}
