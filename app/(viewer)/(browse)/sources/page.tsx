import type { Metadata } from 'next'
import { SourcesScreen } from '@/components/providers/sources-screen'
import { requirePageViewer } from '@/lib/edge'

export const metadata: Metadata = { title: 'Sources' }

export default async function SourcesPage() {
  await requirePageViewer()
  return <SourcesScreen />
}
