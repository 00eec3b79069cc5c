'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { callApi } from '@/components/shell/api'
import { Dialog } from '@/components/ui/dialog'
import { showToast } from '@/components/ui/toast-store'
import type { LineChange, LineView } from '@/lib/accounts/schema'
import { toLineChange } from './device-draft'
import { DeviceForm } from './device-form'
import { linesQuery } from './queries'

export function EditDevice({ line, onClose }: { line: LineView; onClose: () => void }) {
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: (change: LineChange) => callApi<LineView>('PATCH', `/api/lines/${line.id}`, change),
    onSuccess: saved => {
      showToast(`${saved.name} was saved.`)
      onClose()
      return client.invalidateQueries({ queryKey: linesQuery.queryKey })
    },
  })
  return (
    <Dialog title={`Edit ${line.name}`} shape="sheet" onClose={onClose}>
      <DeviceForm
        line={line}
        busy={save.isPending}
        error={save.error}
        onSend={(after, before) => save.mutate(toLineChange(before, after))}
      />
    </Dialog>
  )
}
