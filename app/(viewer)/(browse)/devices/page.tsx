import type { Metadata } from 'next'
import { DevicesScreen } from '@/components/devices/devices-screen'
import { requirePageViewer } from '@/lib/edge'

export const metadata: Metadata = { title: 'Watch in other apps' }

export default async function DevicesPage() {
  await requirePageViewer()
  return <DevicesScreen />
}
