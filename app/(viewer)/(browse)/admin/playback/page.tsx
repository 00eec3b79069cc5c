import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PlaybackSettingsScreen } from '@/components/admin/playback-settings-screen'
import { requirePageViewer } from '@/lib/edge'

export const metadata: Metadata = { title: 'Playback' }

export default async function AdminPlaybackPage() {
  const viewer = await requirePageViewer()
  if (viewer.role !== 'admin') notFound()
  return <PlaybackSettingsScreen />
}
