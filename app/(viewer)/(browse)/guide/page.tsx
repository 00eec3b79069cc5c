import type { Metadata } from 'next'
import { preload } from 'react-dom'
import { GuideScreen } from '@/components/guide/guide-screen'
import { rowsAddress } from '@/components/guide/rows-address'
import { requirePageViewer } from '@/lib/edge'

export const metadata: Metadata = { title: 'Guide' }

export default async function GuidePage() {
  const { profileId } = await requirePageViewer()
  // What it asks for unless somebody set it otherwise, while its code is on its way.
  preload(rowsAddress({ favourites: 'first' }), { as: 'fetch', crossOrigin: 'anonymous' })
  return <GuideScreen profileId={profileId} />
}
