import type { Metadata } from 'next'
import { MultiviewScreen } from '@/components/player/multiview-screen'
import { requirePageViewer } from '@/lib/edge'

export const metadata: Metadata = { title: 'Several channels' }

export default async function MultiviewPage() {
  await requirePageViewer()
  return <MultiviewScreen />
}
