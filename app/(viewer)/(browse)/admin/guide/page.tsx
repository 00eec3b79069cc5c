import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { GuideSourcesScreen } from '@/components/guide-sources/guide-sources-screen'
import { requirePageViewer } from '@/lib/edge'

export const metadata: Metadata = { title: 'TV guides for everyone' }

export default async function AdminGuidePage() {
  const viewer = await requirePageViewer()
  if (viewer.role !== 'admin') notFound()
  return <GuideSourcesScreen platform />
}
