'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { callApi } from '@/components/shell/api'
import { toFailure } from '@/components/shell/failure'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Notice } from '@/components/ui/notice'
import { showToast } from '@/components/ui/toast-store'
import type { ConnectionView } from '@/lib/playback/schema'
import { sayDevice } from './connection-words'
import { connectionsQuery } from './queries'

interface EndDialogProps {
  connection: ConnectionView
  /** Streams of its device that run now. */
  siblings: number
  onClose: () => void
}

/** Ends one stream, or everything of its device. */
export function EndDialog({ connection, siblings, onClose }: EndDialogProps) {
  const client = useQueryClient()
  const { id, line, item } = connection
  const end = useMutation({
    mutationFn: (lineId: number | null) =>
      callApi<unknown>('DELETE', lineId === null ? `/api/connections/${id}` : `/api/lines/${lineId}/connections`),
    onSuccess: (_, lineId) => {
      showToast(lineId === null ? `${item} was ended.` : `Everything on ${line?.name} was ended.`)
      client.setQueryData(connectionsQuery.queryKey, old =>
        old?.filter(one => (lineId === null ? one.id !== id : one.line?.id !== lineId)),
      )
      onClose()
    },
    onSettled: () => client.invalidateQueries({ queryKey: connectionsQuery.queryKey }),
  })
  const all = end.variables !== null
  return (
    <Dialog title="End this stream?" onClose={onClose}>
      <div className="flex flex-col gap-5">
        <p className="text-muted">
          {item} stops on {sayDevice(connection)} at once. The app may start it again; to keep it out, remove its device or give
          it a new password.
        </p>
        {end.error ? (
          <Notice tone="danger" live>
            {toFailure(end.error).say}
          </Notice>
        ) : null}
        <div className="flex flex-wrap justify-end gap-3 max-sm:flex-col">
          <Button onClick={onClose} data-focus-first>
            Let it play
          </Button>
          {line ? (
            <Button busy={end.isPending && all} disabled={end.isPending} onClick={() => end.mutate(line.id)}>
              End all {siblings > 1 ? siblings.toLocaleString() : ''} of {line.name}
            </Button>
          ) : null}
          <Button tone="danger" busy={end.isPending && !all} disabled={end.isPending} onClick={() => end.mutate(null)}>
            End this one
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
