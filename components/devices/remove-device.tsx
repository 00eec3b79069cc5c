'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { callApi } from '@/components/shell/api'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { showToast } from '@/components/ui/toast-store'
import type { LineView } from '@/lib/accounts/schema'
import { linesQuery } from './queries'

interface RemoveDeviceProps {
  line: LineView
  onRemoved: () => void
  onClose: () => void
}

export function RemoveDevice({ line, onRemoved, onClose }: RemoveDeviceProps) {
  const client = useQueryClient()
  const remove = useMutation({
    mutationFn: () => callApi<unknown>('DELETE', `/api/lines/${line.id}`),
    onSuccess: () => {
      showToast(`${line.name} was removed.`)
      client.setQueryData(linesQuery.queryKey, old => old?.filter(one => one.id !== line.id))
      onRemoved()
      return client.invalidateQueries({ queryKey: linesQuery.queryKey })
    },
  })
  return (
    <ConfirmDialog
      title={`Remove ${line.name}?`}
      keep="Keep it"
      act="Remove this device"
      busy={remove.isPending}
      error={remove.error}
      onAct={() => remove.mutate()}
      onClose={onClose}
    >
      <p>
        Its streams stop at once, and apps that use its login cannot come in any more. To let them in again, add a new device and
        type its new login.
      </p>
    </ConfirmDialog>
  )
}
