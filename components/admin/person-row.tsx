import { Pencil } from 'lucide-react'
import { sayDate, saySince } from '@/components/shell/say-time'
import { useClock } from '@/components/shell/use-clock'
import { plainColorOf } from '@/components/ui/artwork-color'
import { Button } from '@/components/ui/button'
import type { PersonView } from '@/lib/accounts/schema'

const roles = { admin: 'Administrator', reseller: 'Reseller', viewer: '' } as const

interface State {
  text: string
  color: string
}

function stateOf({ disabledAt, accessEndsAt }: PersonView, now: number): State {
  if (disabledAt) return { text: `Switched off since ${sayDate(disabledAt)}`, color: 'text-danger' }
  if (accessEndsAt === null) return { text: 'May watch, no end', color: 'text-muted' }
  if (Date.parse(accessEndsAt) <= now) return { text: `Time was over on ${sayDate(accessEndsAt)}`, color: 'text-warn' }
  return { text: `May watch until ${sayDate(accessEndsAt)}`, color: 'text-muted' }
}

/** One account: who it is, how it stands, and the way to change that. */
export function PersonRow({ person, onChange }: { person: PersonView; onChange: () => void }) {
  const now = useClock()
  const state = stateOf(person, now)
  const seen = person.lastSeenAt ? `Seen ${saySince(person.lastSeenAt, now)}` : 'Never signed in'
  const highest = person.maxHeight === null ? '' : `Up to ${person.maxHeight}p`
  const about = [roles[person.role], person.you ? 'This is you' : seen, highest].filter(Boolean).join(' · ')
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-4 md:flex-nowrap [&+li]:hairline-t">
      <span
        aria-hidden
        className="flex size-11 shrink-0 items-center justify-center rounded-full font-strong text-white"
        style={{ background: plainColorOf(person.name) }}
      >
        {person.name.slice(0, 1).toUpperCase()}
      </span>
      <span className="min-w-0 grow basis-48">
        <span className="block truncate font-strong">{person.name}</span>
        <span className="block truncate text-14 text-muted">{person.email}</span>
      </span>
      <span className="w-full md:w-72">
        <span className={`block text-14 ${state.color}`}>{state.text}</span>
        <span className="block text-12 text-muted">{about}</span>
      </span>
      <span className="flex md:w-28 md:justify-end">
        {person.you ? null : (
          <Button
            size="small"
            icon={<Pencil aria-hidden size="1.125rem" strokeWidth={1.75} />}
            aria-label={`Change ${person.name}`}
            onClick={onChange}
          >
            Change
          </Button>
        )}
      </span>
    </li>
  )
}
