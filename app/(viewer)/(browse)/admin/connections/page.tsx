import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ConnectionsScreen } from '@/components/admin/connections-screen'
import { requirePageViewer } from '@/lib/edge'

export const metadata: Metadata = { title: 'Connections' }

export default async function ConnectionsPage() {
  const viewer = await requirePageViewer()
  if (viewer.role !== 'admin') notFound()
  return <ConnectionsScreen />
}
