'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { callApi } from '@/components/shell/api'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import type { LineView, NewLineView } from '@/lib/accounts/schema'
import { linesQuery } from './queries'

interface RenewDeviceProps {
  line: LineView
  onRenewed: (made: NewLineView) => void
  onClose: () => void
}

export function RenewDevice({ line, onRenewed, onClose }: RenewDeviceProps) {
  const client = useQueryClient()
  const renew = useMutation({
    mutationFn: () => callApi<NewLineView>('POST', `/api/lines/${line.id}/password`),
    onSuccess: made => {
      onRenewed(made)
      return client.invalidateQueries({ queryKey: linesQuery.queryKey })
    },
  })
  return (
    <ConfirmDialog
      title={`A new password for ${line.name}?`}
      keep="Keep the old one"
      act="Make a new password"
      busy={renew.isPending}
      error={renew.error}
      onAct={() => renew.mutate()}
      onClose={onClose}
    >
      <p>Apps with the old password stop within seconds, until you type the new one there. User name and settings stay.</p>
    </ConfirmDialog>
  )
}
