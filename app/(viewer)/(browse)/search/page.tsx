import type { Metadata } from 'next'
import { SearchScreen } from '@/components/catalogue/search-screen'
import { requirePageViewer } from '@/lib/edge'

export const metadata: Metadata = { title: 'Search' }

export default async function SearchPage() {
  await requirePageViewer()
  return <SearchScreen />
}
