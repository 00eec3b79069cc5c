import type { Metadata } from 'next'
import { GuideScreen } from '@/components/guide/guide-screen'
import { requirePageViewer } from '@/lib/edge'

export const metadata: Metadata = { title: 'Guide' }

export default async function GuidePage() {
  const { profileId } = await requirePageViewer()
  return <GuideScreen profileId={profileId} />
}
