'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { callApi } from '@/components/shell/api'
import { toFailure } from '@/components/shell/failure'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { showToast } from '@/components/ui/toast-store'

/** What this profile watched can be forgotten. */
export function HistorySettings() {
  const [asking, setAsking] = useState(false)
  const client = useQueryClient()
  const forget = useMutation({
    mutationFn: () => callApi<unknown>('DELETE', '/api/history'),
    onSuccess: async () => {
      setAsking(false)
      showToast('What you watched was forgotten.')
      await client.invalidateQueries()
    },
    onError: error => showToast(toFailure(error).say, 'danger'),
  })
  return (
    <>
      <Button onClick={() => setAsking(true)}>Forget what I watched</Button>
      {asking ? (
        <Dialog title="Forget what you watched?" onClose={() => setAsking(false)}>
          <p className="mb-6 text-muted">Where you stopped, what is marked as watched and recent channels go. Favourites stay.</p>
          <div className="flex flex-wrap justify-end gap-3">
            <Button onClick={() => setAsking(false)}>Keep it</Button>
            <Button tone="danger" busy={forget.isPending} onClick={() => forget.mutate()}>
              Forget it
            </Button>
          </div>
        </Dialog>
      ) : null}
    </>
  )
}
