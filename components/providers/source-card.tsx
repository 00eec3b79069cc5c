'use client'

import { ListVideo, Server, Users } from 'lucide-react'
import { useState } from 'react'
import { useClock } from '@/components/shell/use-clock'
import { plainColorOf } from '@/components/ui/artwork-color'
import { Dialog } from '@/components/ui/dialog'
import type { ImportView } from '@/lib/catalogue/schema'
import type { ProviderView } from '@/lib/providers/schema'
import { DeleteSource } from './delete-source'
import { EditSourceForm } from './edit-source-form'
import { ImportProgress } from './import-progress'
import { isRunning } from './queries'
import { ShownSwitch } from './shown-switch'
import { SourceActions } from './source-actions'
import { SourceFacts } from './source-facts'
import { describeStatus } from './source-status'
import { StatusDot } from './status-dot'

interface SourceCardProps {
  provider: ProviderView
  job: ImportView | undefined
}

function CardHead({ provider }: { provider: ProviderView }) {
  const Icon = provider.kind === 'xtream' ? Server : ListVideo
  return (
    <header className="flex items-start gap-4">
      <span
        aria-hidden
        className="flex size-12 shrink-0 items-center justify-center rounded-card text-white"
        style={{ background: plainColorOf(provider.name) }}
      >
        <Icon size="1.5rem" strokeWidth={1.75} />
      </span>
      <div className="min-w-0 grow">
        <h2 id={`source-${provider.id}`} className="truncate font-title text-20">
          {provider.name}
        </h2>
        <p className="truncate text-14 text-muted">
          {provider.kind === 'xtream' ? 'Xtream' : 'Playlist'} · {provider.address}
        </p>
        {provider.platform ? (
          <p className="mt-1 flex items-center gap-1.5 text-12 text-faint">
            <Users aria-hidden size="0.875rem" />
            For everyone
          </p>
        ) : null}
      </div>
    </header>
  )
}

/** One source: how it is, what is inside, what can be done. */
export function SourceCard({ provider, job }: SourceCardProps) {
  const now = useClock()
  const [open, setOpen] = useState<'edit' | 'delete' | null>(null)
  const running = job !== undefined && isRunning(job)
  const status = describeStatus(provider, job, now)
  const troubled = job?.state === 'partial' || job?.state === 'failed' || job?.state === 'cancelled'

  return (
    <article
      aria-labelledby={`source-${provider.id}`}
      className="hairline flex flex-col gap-5 rounded-card bg-surface p-5 md:p-6"
    >
      <CardHead provider={provider} />
      <p className="flex items-start gap-2.5 text-14" aria-live="polite">
        <span className="flex h-5 items-center">
          <StatusDot tone={status.tone} />
        </span>
        <span>
          {status.sentence}
          {provider.stale && status.tone !== 'ok' ? (
            <span className="ml-2 rounded-full bg-fill-strong px-2 py-0.5 text-12 text-warn">Out of date</span>
          ) : null}
        </span>
      </p>
      <SourceFacts provider={provider} now={now} />
      {job && (running || troubled) ? <ImportProgress job={job} name={provider.name} /> : null}
      <div className="mt-auto flex flex-col gap-4">
        <ShownSwitch provider={provider} />
        {provider.mine ? (
          <SourceActions provider={provider} job={job} onEdit={() => setOpen('edit')} onDelete={() => setOpen('delete')} />
        ) : null}
      </div>
      {open === 'edit' ? (
        <Dialog title={`Edit ${provider.name}`} shape="sheet" onClose={() => setOpen(null)}>
          <EditSourceForm provider={provider} onDone={() => setOpen(null)} />
        </Dialog>
      ) : null}
      {open === 'delete' ? <DeleteSource provider={provider} onClose={() => setOpen(null)} /> : null}
    </article>
  )
}
