import type { Metadata } from 'next'
import { GuideSourcesScreen } from '@/components/guide-sources/guide-sources-screen'
import { requirePageViewer } from '@/lib/edge'

export const metadata: Metadata = { title: 'TV guides' }

export default async function OwnGuidePage() {
  await requirePageViewer()
  return <GuideSourcesScreen platform={false} />
}
