'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Bell as BellPicture } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { callApi } from '@/components/shell/api'
import { IconButton } from '@/components/ui/icon-button'
import { notificationsQuery } from './queries'

// On every screen, and opened on few.
const BellSheet = lazy(() => import('./bell-sheet').then(file => ({ default: file.BellSheet })))

/** Tells that there is something new, and opens the list. */
export function Bell() {
  const [open, setOpen] = useState(false)
  const client = useQueryClient()
  const { data } = useQuery(notificationsQuery)
  const unseen = data?.unseen ?? 0
  const seen = useMutation({
    mutationFn: (upTo: number) => callApi<unknown>('POST', '/api/notifications/seen', { upTo }),
    onSettled: () => client.invalidateQueries({ queryKey: notificationsQuery.queryKey }),
  })
  const show = () => {
    setOpen(true)
    const newest = data?.notifications[0]
    if (newest && unseen > 0) seen.mutate(newest.id)
  }
  return (
    <>
      <span className="relative">
        <IconButton
          label={unseen > 0 ? `Notifications, ${unseen} new` : 'Notifications'}
          icon={<BellPicture aria-hidden size="1.375rem" strokeWidth={1.75} />}
          onClick={show}
        />
        {unseen > 0 ? (
          <span
            aria-hidden
            className="pointer-events-none absolute top-0.5 right-0.5 flex h-5 min-w-5 items-center justify-center rounded-full bg-accent px-1 font-strong text-12 text-on-accent tabular-nums"
          >
            {unseen > 9 ? '9+' : unseen}
          </span>
        ) : null}
      </span>
      {open ? (
        <Suspense fallback={null}>
          <BellSheet onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  )
}
