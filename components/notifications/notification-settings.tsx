'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { callApi } from '@/components/shell/api'
import { toFailure } from '@/components/shell/failure'
import { ErrorState } from '@/components/ui/error-state'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { Switch } from '@/components/ui/switch'
import type { NotificationSettingsView } from '@/lib/notifications/schema'
import { CalendarAddress } from './calendar-address'
import { canPush, turnPushOff, turnPushOn } from './push-here'
import { notificationSettingsQuery } from './queries'

const never = () => () => undefined
/** Undefined on the server, which does not know the browser. */
const useCanPush = () => useSyncExternalStore(never, canPush, () => undefined)

function PushSwitch({ settings }: { settings: NotificationSettingsView }) {
  const client = useQueryClient()
  const possible = useCanPush()
  const turn = useMutation({
    mutationFn: (on: boolean) => (on ? turnPushOn(settings.publicKey) : turnPushOff()),
    onSettled: () => client.invalidateQueries({ queryKey: notificationSettingsQuery.queryKey }),
  })
  const others = settings.devices - (settings.here ? 1 : 0)
  const hint =
    others > 0 ? `Also on ${others === 1 ? 'one other device' : `${others} other devices`}.` : 'Even when this page is closed.'
  if (possible === false) {
    return (
      <Notice tone="info">
        This browser takes no messages here. On an iPhone or iPad, add WatchTheFlix to the home screen first; elsewhere the page
        has to be opened with https.
      </Notice>
    )
  }
  return (
    <>
      <Switch
        label="Messages on this device"
        hint={hint}
        checked={settings.here}
        disabled={turn.isPending}
        onChange={on => turn.mutate(on)}
      />
      {turn.error ? (
        <Notice tone="danger" live>
          {toFailure(turn.error).say}
        </Notice>
      ) : null}
    </>
  )
}

function MailSwitch({ settings }: { settings: NotificationSettingsView }) {
  const client = useQueryClient()
  const turn = useMutation({
    mutationFn: (mail: boolean) => {
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
      return callApi<NotificationSettingsView>('PATCH', '/api/notification-settings', { mail, zone })
    },
    onSuccess: next => client.setQueryData(notificationSettingsQuery.queryKey, next),
  })
  return (
    <>
      <Switch
        label="By mail"
        hint={settings.mailPossible ? `To ${settings.email}.` : 'This server sends no mail.'}
        checked={settings.mail && settings.mailPossible}
        disabled={!settings.mailPossible || turn.isPending}
        onChange={mail => turn.mutate(mail)}
      />
      {turn.error ? (
        <Notice tone="danger" live>
          {toFailure(turn.error).say}
        </Notice>
      ) : null}
    </>
  )
}

/** How reminders reach this profile. */
export function NotificationSettings() {
  const { data, error, refetch } = useQuery(notificationSettingsQuery)
  if (data === undefined) {
    if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
    return (
      <div aria-busy className="flex flex-col gap-4">
        <Skeleton className="h-10" />
        <Skeleton className="h-10" />
        <Skeleton className="h-24" />
      </div>
    )
  }
  return (
    <div className="flex flex-col gap-5">
      <PushSwitch settings={data} />
      <MailSwitch settings={data} />
      <CalendarAddress settings={data} />
    </div>
  )
}
