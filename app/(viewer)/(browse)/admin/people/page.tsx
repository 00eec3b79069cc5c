import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PeopleScreen } from '@/components/admin/people-screen'
import { requirePageViewer } from '@/lib/edge'

export const metadata: Metadata = { title: 'People' }

export default async function PeoplePage() {
  const viewer = await requirePageViewer()
  if (viewer.role !== 'admin') notFound()
  return <PeopleScreen />
}
