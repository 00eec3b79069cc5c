import type { Metadata } from 'next'
import { TitlesScreen } from '@/components/catalogue/titles-screen'
import { requirePageViewer } from '@/lib/edge'

export const metadata: Metadata = { title: 'Series' }

export default async function SeriesPage() {
  await requirePageViewer()
  return <TitlesScreen kind="series" />
}
