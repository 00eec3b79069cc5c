'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { KeyRound, Layers, Split } from 'lucide-react'
import { useState } from 'react'
import { callApi } from '@/components/shell/api'
import { toFailure } from '@/components/shell/failure'
import { saySince } from '@/components/shell/say-time'
import { useClock } from '@/components/shell/use-clock'
import { Button } from '@/components/ui/button'
import { showToast } from '@/components/ui/toast-store'
import type { ItemPageView, SourceView } from '@/lib/catalogue/schema'
import type { PlaybackView } from '@/lib/playback/schema'
import { MergeDialog } from './merge-dialog'
import { ProtectionDialog } from './protection-dialog'
import { holdingsQuery, ROOM } from './queries'

interface SourceLineProps {
  source: SourceView
  /** What is known to be in it; undefined until that has come. */
  known: PlaybackView['sources'][number] | undefined
  several: boolean
  onSplit: () => void
}

function SourceLine({ source, known, several, onSplit }: SourceLineProps) {
  const now = useClock()
  return (
    <li className="flex min-h-13 flex-wrap items-center gap-x-4 gap-y-1 py-2 [&+li]:hairline-t">
      <span aria-hidden className={`size-2.5 shrink-0 rounded-full ${source.failing ? 'bg-warn' : 'bg-ok'}`} />
      <span className="min-w-0 grow basis-40">
        <span className="block truncate">{source.name}</span>
        <span className="block truncate text-12 text-muted">
          {[source.provider.name, source.category, source.failing ? 'did not answer lately' : null].filter(Boolean).join(' · ')}
        </span>
        {known?.holds == null ? null : (
          <span className="block text-12 text-muted tabular-nums">
            {[known.holds, known.lookedAt === null ? null : `looked at ${saySince(known.lookedAt, now)}`]
              .filter(Boolean)
              .join(' · ')}
          </span>
        )}
      </span>
      {several ? (
        <Button
          tone="quiet"
          size="small"
          icon={<Split aria-hidden size="1rem" strokeWidth={1.75} />}
          aria-label={`Split off ${source.name} from ${source.provider.name}`}
          onClick={onSplit}
        >
          Split off
        </Button>
      ) : null}
    </li>
  )
}

/** Where this comes from, in the order in which it is tried. */
export function TitleSources({ title }: { title: ItemPageView }) {
  const [open, setOpen] = useState<'merge' | 'protection' | null>(null)
  const close = () => setOpen(null)
  const client = useQueryClient()
  const hasSources = title.kind !== 'episode' && title.kind !== 'series' && title.sources.length > 0
  const known = useQuery({ ...holdingsQuery(title.id), enabled: hasSources }).data
  const split = useMutation({
    mutationFn: (sourceId: number) => callApi<unknown>('POST', `/api/sources/${sourceId}/split`),
    onSuccess: async () => {
      showToast('It stands on its own again.')
      await client.invalidateQueries({ queryKey: [ROOM] })
    },
    onError: error => showToast(toFailure(error).say, 'danger'),
  })
  if (title.kind === 'episode' || title.sources.length === 0) return null
  return (
    <section aria-labelledby="title-sources" className="mt-9 max-w-4xl px-4 md:px-10">
      <div className="flex min-h-11 flex-wrap items-center gap-x-4">
        <h2 id="title-sources" className="font-title text-20">
          Sources
        </h2>
        <Button
          tone="quiet"
          size="small"
          icon={<Layers aria-hidden size="1rem" strokeWidth={1.75} />}
          className="ml-auto"
          onClick={() => setOpen('merge')}
        >
          Combine with another
        </Button>
        {title.kind === 'series' ? null : (
          <Button
            tone="quiet"
            size="small"
            icon={<KeyRound aria-hidden size="1rem" strokeWidth={1.75} />}
            onClick={() => setOpen('protection')}
          >
            Protection
          </Button>
        )}
      </div>
      <ol>
        {title.sources.map(source => (
          <SourceLine
            key={source.id}
            source={source}
            known={known?.find(({ id }) => id === source.id)}
            several={title.sources.length > 1}
            onSplit={() => {
              if (!split.isPending) split.mutate(source.id)
            }}
          />
        ))}
      </ol>
      {open === 'merge' ? <MergeDialog title={title} onClose={close} /> : null}
      {open === 'protection' ? <ProtectionDialog title={title} onClose={close} /> : null}
    </section>
  )
}
