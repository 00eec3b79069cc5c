'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { sayTime } from '@/components/guide/guide-words'
import type { WorkerMessage } from '@/components/offline/messages'
import { showToast } from '@/components/ui/toast-store'
import { sayAlert } from '@/lib/kernel/alert-words'
import { SECOND } from '@/lib/kernel/time'
import type { NotificationView } from '@/lib/notifications/schema'
import { keepPush } from './push-here'
import { notificationsQuery } from './queries'
import { clearTray } from './tray'

function sayNews({ kind, title, others, channel, start }: NotificationView): string {
  if (kind !== 'reminder') return sayAlert({ kind, title, others })
  if (start * SECOND <= Date.now()) return `${title} has begun on ${channel}.`
  return `${title} begins at ${sayTime(start * SECOND)} on ${channel}.`
}

/** A message that the service worker has shown is in the list too: no need to wait for the next look. */
function useWorkerNews(): void {
  const client = useQueryClient()
  useEffect(() => {
    if (!('serviceWorker' in navigator)) return
    const onMessage = ({ data }: MessageEvent<WorkerMessage | null>) => {
      if (data?.type === 'notification') void client.invalidateQueries({ queryKey: notificationsQuery.queryKey })
    }
    navigator.serviceWorker.addEventListener('message', onMessage)
    return () => navigator.serviceWorker.removeEventListener('message', onMessage)
  }, [client])
}

/** Says on whatever screen is open that something begins, or plays badly. What was there when the page was loaded stays in the bell. */
export function ReminderWatch() {
  const { data } = useQuery(notificationsQuery)
  const last = useRef<number | null>(null)
  useWorkerNews()
  useEffect(() => {
    // Private windows refuse storage, and a server that is away hears of it from the next tab.
    keepPush().catch(() => undefined)
  }, [])
  useEffect(() => {
    if (!data) return
    const before = last.current
    const newest = data.notifications[0]?.id ?? 0
    last.current = Math.max(before ?? 0, newest)
    clearTray(data, last.current).catch(() => undefined)
    if (before === null) return
    const fresh = data.notifications.filter(({ id, seen }) => id > before && !seen)
    for (const notification of fresh.reverse()) {
      showToast(sayNews(notification), notification.kind === 'alert_began' ? 'danger' : undefined)
    }
  }, [data])
  return null
}
