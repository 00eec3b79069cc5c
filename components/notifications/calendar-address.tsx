'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { callApi } from '@/components/shell/api'
import { toFailure } from '@/components/shell/failure'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { CopyField } from '@/components/ui/copy-field'
import { showToast } from '@/components/ui/toast-store'
import type { NotificationSettingsView } from '@/lib/notifications/schema'
import { notificationSettingsQuery } from './queries'

function useCalendar() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (method: 'POST' | 'DELETE') => callApi<unknown>(method, '/api/notification-settings/calendar'),
    onSettled: () => client.invalidateQueries({ queryKey: notificationSettingsQuery.queryKey }),
  })
}

/** The address at which calendar apps read the reminders. */
export function CalendarAddress({ settings }: { settings: NotificationSettingsView }) {
  const [asking, setAsking] = useState(false)
  const change = useCalendar()
  const make = () => change.mutate('POST', { onError: error => showToast(toFailure(error).say, 'danger') })
  const renew = () =>
    change.mutate('POST', {
      onSuccess: () => {
        setAsking(false)
        showToast('The calendar has a new address.')
      },
    })
  const remove = () => change.mutate('DELETE', { onError: error => showToast(toFailure(error).say, 'danger') })
  if (settings.calendar === null) {
    return (
      <div className="flex flex-col gap-2">
        <p className="text-14">In your calendar</p>
        <p className="text-12 text-muted">An address that calendar apps read. Whoever knows it sees your reminders.</p>
        <Button className="self-start" busy={change.isPending} onClick={make}>
          Make a calendar address
        </Button>
      </div>
    )
  }
  return (
    <div className="flex flex-col gap-3">
      <CopyField label="Calendar address" copy="Copy the calendar address" value={settings.calendar} />
      <p className="text-12 text-muted">Add it to your calendar app as a subscription. Whoever knows it sees your reminders.</p>
      <div className="flex flex-wrap gap-2">
        <Button size="small" onClick={() => setAsking(true)}>
          New address
        </Button>
        <Button size="small" busy={change.isPending && !asking} onClick={remove}>
          Remove it
        </Button>
      </div>
      {asking ? (
        <ConfirmDialog
          title="A new calendar address?"
          keep="Keep this one"
          act="Make a new one"
          busy={change.isPending}
          error={change.error}
          onAct={renew}
          onClose={() => setAsking(false)}
        >
          <p>Calendars with the old address stop being kept up to date.</p>
        </ConfirmDialog>
      ) : null}
    </div>
  )
}
