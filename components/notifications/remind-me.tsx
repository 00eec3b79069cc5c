'use client'

import { useQuery } from '@tanstack/react-query'
import { Bell, BellRing } from 'lucide-react'
import Link from 'next/link'
import { useEffect, useRef, useState } from 'react'
import { toFailure } from '@/components/shell/failure'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import { KeptFocus } from '@/components/ui/kept-focus'
import { Notice } from '@/components/ui/notice'
import { SelectField } from '@/components/ui/select-field'
import { showToast } from '@/components/ui/toast-store'
import { SECOND } from '@/lib/kernel/time'
import type { ReminderView } from '@/lib/notifications/schema'
import { notificationSettingsQuery, remindersQuery } from './queries'
import { leadOptions, sayLead, sayPromise, sayScope, toLeadTime } from './reminder-words'
import { useRemoveReminder, useSetReminder } from './use-reminders'

interface RemindMeProps {
  channel: number
  /** ms */
  start: number
  title: string
}

const choices = [
  { value: 'programme', label: 'Only this one' },
  { value: 'here', label: 'Every new episode here' },
  { value: 'anywhere', label: 'Every new episode anywhere' },
] as const
type Choice = (typeof choices)[number]['value']

function toWish(choice: Choice, { channel, start, title }: RemindMeProps) {
  if (choice === 'programme') return { kind: 'programme', itemId: channel, start: start / SECOND } as const
  return { kind: 'series', itemId: choice === 'here' ? channel : null, title } as const
}

function SetLine({ reminder }: { reminder: ReminderView }) {
  const remove = useRemoveReminder()
  const scope = sayScope(reminder)
  return (
    <li className="flex items-center gap-3">
      <BellRing aria-hidden size="1.125rem" strokeWidth={1.75} className="shrink-0 text-accent" />
      <span className="min-w-0 grow text-14">
        <span className="block">
          {reminder.minutes === 0 ? 'Reminder when it begins' : `Reminder ${sayLead(reminder.minutes)}`}
        </span>
        {scope ? <span className="block text-12 text-muted">{scope}</span> : null}
      </span>
      <Button
        size="small"
        aria-label={`Remove the reminder for ${reminder.title}`}
        busy={remove.isPending}
        onClick={() => remove.mutate(reminder.id)}
      >
        Remove
      </Button>
    </li>
  )
}

/** Said where neither a device nor a mailbox gets messages, which is so until somebody turns one on. */
function OnlyHere() {
  const { data } = useQuery(notificationSettingsQuery)
  if (data === undefined || data.devices > 0 || (data.mail && data.mailPossible)) return null
  return (
    <Notice tone="info">
      You will see it only while WatchTheFlix is open.{' '}
      <Link href="/settings#reminders" className="text-accent hover:underline">
        Turn on messages
      </Link>{' '}
      to hear of it anywhere.
    </Notice>
  )
}

function Choices({ programme, onDone }: { programme: RemindMeProps; onDone: () => void }) {
  const [choice, setChoice] = useState<Choice>('programme')
  const [minutes, setMinutes] = useState('5')
  const set = useSetReminder()
  const box = useRef<HTMLFieldSetElement>(null)
  useEffect(() => box.current?.querySelector('button')?.focus(), [])
  const send = () =>
    set.mutate(
      { ...toWish(choice, programme), minutes: toLeadTime(minutes) },
      {
        onSuccess: reminder => {
          showToast(sayPromise(reminder, programme.start, Date.now()))
          onDone()
        },
      },
    )
  return (
    <fieldset ref={box} className="hairline mt-3 flex flex-col gap-4 rounded-card bg-fill p-4">
      <legend className="sr-only">Remind me of {programme.title}</legend>
      <div className="flex flex-wrap gap-2">
        {choices.map(({ value, label }) => (
          <Chip key={value} selected={choice === value} onClick={() => setChoice(value)}>
            {label}
          </Chip>
        ))}
      </div>
      <SelectField
        label="How long before"
        value={minutes}
        options={leadOptions}
        onChange={event => setMinutes(event.currentTarget.value)}
      />
      <OnlyHere />
      {set.error ? (
        <Notice tone="danger" live>
          {toFailure(set.error).say}
        </Notice>
      ) : null}
      <div className="flex flex-wrap gap-3">
        <Button tone="primary" busy={set.isPending} onClick={send}>
          Set the reminder
        </Button>
        <Button onClick={onDone}>Not now</Button>
      </div>
    </fieldset>
  )
}

/** The way to a reminder for a programme that has not begun, or what is set for it. */
export function RemindMe(props: RemindMeProps) {
  return (
    <KeptFocus>
      <Reminding {...props} />
    </KeptFocus>
  )
}

function Reminding(props: RemindMeProps) {
  const [asking, setAsking] = useState(false)
  const { data } = useQuery(remindersQuery)
  const { channel, start } = props
  const own = (data ?? []).filter(({ airings }) =>
    airings.some(airing => airing.itemId === channel && airing.start * SECOND === start),
  )
  if (asking) return <Choices programme={props} onDone={() => setAsking(false)} />
  if (own.length > 0) {
    return (
      <ul aria-label="Reminders for this programme" className="mt-4 flex flex-col gap-3">
        {own.map(reminder => (
          <SetLine key={reminder.id} reminder={reminder} />
        ))}
      </ul>
    )
  }
  return (
    <Button
      className="mt-3 w-full"
      icon={<Bell aria-hidden size="1.125rem" strokeWidth={1.75} />}
      onClick={() => setAsking(true)}
    >
      Remind me
    </Button>
  )
}
