'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { callApi } from '@/components/shell/api'
import { Dialog } from '@/components/ui/dialog'
import type { NewLineView } from '@/lib/accounts/schema'
import { type DeviceDraft, toLineInput } from './device-draft'
import { DeviceForm } from './device-form'
import { linesQuery } from './queries'

interface AddDeviceProps {
  onAdded: (made: NewLineView) => void
  onClose: () => void
}

export function AddDevice({ onAdded, onClose }: AddDeviceProps) {
  const client = useQueryClient()
  const add = useMutation({
    mutationFn: (draft: DeviceDraft) => callApi<NewLineView>('POST', '/api/lines', toLineInput(draft)),
    onSuccess: made => {
      onAdded(made)
      return client.invalidateQueries({ queryKey: linesQuery.queryKey })
    },
  })
  return (
    <Dialog title="Add a device" shape="sheet" onClose={onClose}>
      <DeviceForm line={null} busy={add.isPending} error={add.error} onSend={draft => add.mutate(draft)} />
    </Dialog>
  )
}
