import { queryOptions } from '@tanstack/react-query'
import { getView } from '@/components/shell/api'
import { MINUTE, SECOND } from '@/lib/kernel/time'
import type { NotificationSettingsView, NotificationsView, ReminderView } from '@/lib/notifications/schema'

export const remindersQuery = queryOptions({
  queryKey: ['reminders'],
  queryFn: ({ signal }) => getView<ReminderView[]>('/api/reminders', signal),
  staleTime: 5 * MINUTE,
})

/** Asked again and again while the page is in view, so that a reminder rings here too. */
export const notificationsQuery = queryOptions({
  queryKey: ['notifications'],
  queryFn: ({ signal }) => getView<NotificationsView>('/api/notifications', signal),
  refetchInterval: 20 * SECOND,
})

export const notificationSettingsQuery = queryOptions({
  queryKey: ['notification-settings'],
  queryFn: ({ signal }) => getView<NotificationSettingsView>('/api/notification-settings', signal),
  staleTime: 5 * MINUTE,
})
