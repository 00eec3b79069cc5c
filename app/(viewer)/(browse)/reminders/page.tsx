import type { Metadata } from 'next'
import { RemindersScreen } from '@/components/notifications/reminders-screen'
import { requirePageViewer } from '@/lib/edge'

export const metadata: Metadata = { title: 'Reminders' }

export default async function RemindersPage() {
  await requirePageViewer()
  return <RemindersScreen />
}
