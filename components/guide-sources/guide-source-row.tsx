'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { CircleStop, Pencil, RefreshCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { callApi } from '@/components/shell/api'
import { toFailure } from '@/components/shell/failure'
import { useClock } from '@/components/shell/use-clock'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { IconButton } from '@/components/ui/icon-button'
import { ProgressBar } from '@/components/ui/progress-bar'
import { showToast } from '@/components/ui/toast-store'
import type { GuideSourceView } from '@/lib/epg/schema'
import { describeGuide, sayShift, type Tone } from './guide-words'
import { isBusy, ROOM } from './queries'

const icon = { 'aria-hidden': true, size: '1.125rem', strokeWidth: 1.75 } as const
const colors: Record<Tone, string> = { ok: 'text-muted', warn: 'text-warn', busy: 'text-accent' }

function sayOrigin({ providerId, isFile, address }: GuideSourceView): string {
  if (providerId !== null) return 'Comes with this source'
  return isFile ? 'Uploaded file' : address
}

/** One guide: where it comes from, how it is, and what can be done with it. */
export function GuideSourceRow({ source, onEdit }: { source: GuideSourceView; onEdit: () => void }) {
  const [removing, setRemoving] = useState(false)
  const client = useQueryClient()
  const now = useClock()
  const { tone, sentence } = describeGuide(source, now)
  const busy = isBusy(source)
  const again = () => client.invalidateQueries({ queryKey: [ROOM] })
  const act = useMutation({
    mutationFn: (verb: 'refresh' | 'cancel') => callApi<unknown>('POST', `/api/guide-sources/${source.id}/${verb}`),
    onError: error => showToast(toFailure(error).say, 'danger'),
    onSettled: again,
  })
  const remove = useMutation({
    mutationFn: () => callApi<unknown>('DELETE', `/api/guide-sources/${source.id}`),
    onSuccess: async () => {
      setRemoving(false)
      showToast(`${source.name} was removed.`)
      await again()
    },
  })
  return (
    <li className="hairline flex flex-col gap-3 rounded-card bg-surface p-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-48 grow">
          <h3 className="truncate font-strong">{source.name}</h3>
          <p className="truncate text-14 text-muted">
            {sayOrigin(source)}
            {source.shiftMinutes === 0 ? '' : ` · ${sayShift(source.shiftMinutes)}`}
          </p>
          <p aria-live="polite" className={`text-14 tabular-nums ${colors[tone]}`}>
            {sentence}
          </p>
        </div>
        {source.mine ? (
          <div className="flex items-center gap-1">
            <Button
              size="small"
              icon={busy ? <CircleStop {...icon} /> : <RefreshCw {...icon} />}
              busy={act.isPending}
              onClick={() => act.mutate(busy ? 'cancel' : 'refresh')}
            >
              {busy ? 'Stop' : 'Read now'}
            </Button>
            <IconButton label={`Edit ${source.name}`} icon={<Pencil {...icon} />} onClick={onEdit} />
            {source.providerId === null ? (
              <IconButton label={`Remove ${source.name}`} icon={<Trash2 {...icon} />} onClick={() => setRemoving(true)} />
            ) : null}
          </div>
        ) : null}
      </div>
      {busy ? <ProgressBar label={`Reading ${source.name}`} /> : null}
      {removing ? (
        <ConfirmDialog
          title={`Remove ${source.name}?`}
          keep="Keep it"
          act="Remove this guide"
          busy={remove.isPending}
          error={remove.error}
          onAct={() => remove.mutate()}
          onClose={() => setRemoving(false)}
        >
          <p>Its programmes go. Channels that had them get the next guide that knows them, if there is one.</p>
        </ConfirmDialog>
      ) : null}
    </li>
  )
}
