import type { Metadata } from 'next'
import { preload } from 'react-dom'
import { filterNames } from '@/components/catalogue/filter-names'
import { GuideScreen } from '@/components/guide/guide-screen'
import { rowsAddress } from '@/components/guide/rows-address'
import { requirePageViewer } from '@/lib/edge'

export const metadata: Metadata = { title: 'Guide' }

export default async function GuidePage({ searchParams }: PageProps<'/guide'>) {
  const { profileId } = await requirePageViewer()
  const asked = await searchParams
  // What it asks for unless somebody set it otherwise, while its code is on its way. Rows that an address chooses are others.
  if (!filterNames.some(name => asked[name]))
    preload(rowsAddress({ favourites: 'first' }), { as: 'fetch', crossOrigin: 'anonymous' })
  return <GuideScreen profileId={profileId} />
}
