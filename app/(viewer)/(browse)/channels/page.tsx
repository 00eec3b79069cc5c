import type { Metadata } from 'next'
import { ChannelsScreen } from '@/components/catalogue/channels-screen'
import { requirePageViewer } from '@/lib/edge'

export const metadata: Metadata = { title: 'Channels' }

export default async function ChannelsPage() {
  await requirePageViewer()
  return <ChannelsScreen />
}
