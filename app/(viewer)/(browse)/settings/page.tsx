import type { Metadata } from 'next'
import { SettingsScreen } from '@/components/settings/settings-screen'
import { requirePageViewer } from '@/lib/edge'

export const metadata: Metadata = { title: 'Settings' }

export default async function SettingsPage() {
  await requirePageViewer()
  return <SettingsScreen />
}
