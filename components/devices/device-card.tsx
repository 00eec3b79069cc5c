'use client'

import { KeyRound, MonitorSmartphone, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useClock } from '@/components/shell/use-clock'
import { plainColorOf } from '@/components/ui/artwork-color'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import type { LineView, NewLineView } from '@/lib/accounts/schema'
import { DeviceFacts } from './device-facts'
import { EditDevice } from './edit-device'
import { RemoveDevice } from './remove-device'
import { RenewDevice } from './renew-device'

interface DeviceCardProps {
  line: LineView
  onRenewed: (made: NewLineView) => void
  onRemoved: () => void
}

const icon = { 'aria-hidden': true, size: '1.125rem', strokeWidth: 1.75 } as const

function CardHead({ line, now }: { line: LineView; now: number }) {
  const ended = line.expiresAt !== null && Date.parse(line.expiresAt) < now
  const playing = line.activeConnections > 0
  const state = ended ? 'Has run out' : playing ? 'Playing now' : line.lastSeenAt ? 'Not playing' : 'Not used yet'
  return (
    <header className="flex items-center gap-4">
      <span
        aria-hidden
        className="flex size-12 shrink-0 items-center justify-center rounded-card text-white"
        style={{ background: plainColorOf(line.name) }}
      >
        <MonitorSmartphone size="1.5rem" strokeWidth={1.75} />
      </span>
      <div className="min-w-0 grow">
        <h2 id={`device-${line.id}`} className="truncate font-title text-20">
          {line.name}
        </h2>
        <p className={`text-14 ${ended ? 'text-warn' : playing ? 'text-ok' : 'text-muted'}`}>{state}</p>
      </div>
    </header>
  )
}

/** One device: how it is, and what can be done. */
export function DeviceCard({ line, onRenewed, onRemoved }: DeviceCardProps) {
  const now = useClock()
  const [open, setOpen] = useState<'edit' | 'renew' | 'remove' | null>(null)
  const close = () => setOpen(null)
  return (
    <article aria-labelledby={`device-${line.id}`} className="hairline flex flex-col gap-5 rounded-card bg-surface p-5 md:p-6">
      <CardHead line={line} now={now} />
      <DeviceFacts line={line} now={now} />
      <div className="mt-auto flex flex-wrap items-center gap-2">
        <Button size="small" icon={<Pencil {...icon} />} aria-label={`Edit ${line.name}`} onClick={() => setOpen('edit')}>
          Edit
        </Button>
        <Button
          size="small"
          icon={<KeyRound {...icon} />}
          aria-label={`New password for ${line.name}`}
          onClick={() => setOpen('renew')}
        >
          New password
        </Button>
        <IconButton
          label={`Remove ${line.name}`}
          className="-mr-2 ml-auto"
          icon={<Trash2 {...icon} />}
          onClick={() => setOpen('remove')}
        />
      </div>
      {open === 'edit' ? <EditDevice line={line} onClose={close} /> : null}
      {open === 'remove' ? <RemoveDevice line={line} onClose={close} onRemoved={onRemoved} /> : null}
      {open === 'renew' ? (
        <RenewDevice
          line={line}
          onClose={close}
          onRenewed={made => {
            close()
            onRenewed(made)
          }}
        />
      ) : null}
    </article>
  )
}
