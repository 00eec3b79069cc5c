'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { bouquetsQuery } from '@/components/devices/queries'
import { callApi } from '@/components/shell/api'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { showToast } from '@/components/ui/toast-store'
import type { BouquetView } from '@/lib/catalogue/schema'

export function DeleteBouquet({ bouquet, onClose }: { bouquet: BouquetView; onClose: () => void }) {
  const client = useQueryClient()
  const remove = useMutation({
    mutationFn: () => callApi<unknown>('DELETE', `/api/bouquets/${bouquet.id}`),
    onSuccess: () => {
      showToast(`${bouquet.name} was deleted.`)
      onClose()
      return client.invalidateQueries({ queryKey: bouquetsQuery.queryKey })
    },
  })
  return (
    <ConfirmDialog
      title={`Delete ${bouquet.name}?`}
      keep="Keep it"
      act="Delete this bouquet"
      busy={remove.isPending}
      error={remove.error}
      onAct={() => remove.mutate()}
      onClose={onClose}
    >
      <p>
        {bouquet.lines > 0
          ? 'Devices that use it lose what only this bouquet gives them, at once.'
          : 'No device uses it. Channels and movies stay where they are.'}
      </p>
    </ConfirmDialog>
  )
}
