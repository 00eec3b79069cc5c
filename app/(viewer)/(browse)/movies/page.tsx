import type { Metadata } from 'next'
import { TitlesScreen } from '@/components/catalogue/titles-screen'
import { requirePageViewer } from '@/lib/edge'

export const metadata: Metadata = { title: 'Movies' }

export default async function MoviesPage() {
  await requirePageViewer()
  return <TitlesScreen kind="movie" />
}
