import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { QualityScreen } from '@/components/admin/quality-screen'
import { requirePageViewer } from '@/lib/edge'

export const metadata: Metadata = { title: 'Quality' }

export default async function QualityPage() {
  const viewer = await requirePageViewer()
  if (viewer.role !== 'admin') notFound()
  return <QualityScreen />
}
