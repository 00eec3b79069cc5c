'use client'

import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { ForYouShelf } from '@/components/guide/for-you-shelf'
import { PageHeader } from '@/components/shell/page-header'
import { ErrorState } from '@/components/ui/error-state'
import { Skeleton } from '@/components/ui/skeleton'
import type { HomeView } from '@/lib/catalogue/schema'
import { HomeHero } from './home-hero'
import { ItemShelf } from './item-shelf'
import { PosterSkeleton } from './poster-skeleton'
import { homeQuery } from './queries'

function HomeSkeleton() {
  return (
    <div aria-hidden>
      <div className="flex min-h-[58dvh] flex-col justify-end gap-4 px-4 pb-4 md:min-h-[66dvh] md:px-10">
        <Skeleton className="h-4 w-32" />
        <Skeleton className="h-14 w-96 max-w-full" />
        <Skeleton className="h-4 w-64" />
        <Skeleton className="h-13 w-36 rounded-full" />
      </div>
      <Skeleton className="mt-12 ml-4 h-6 w-48 md:ml-10" />
      <div className="flex gap-5 overflow-hidden px-4 pt-6 md:px-10">
        {Array.from({ length: 9 }, (_, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: identical placeholders that never move
          <div key={at} className="w-30 shrink-0 md:w-40">
            <PosterSkeleton />
          </div>
        ))}
      </div>
    </div>
  )
}

// Only people without content need it, so it stays out of the first load of everybody else.
const HomeEmpty = lazy(() => import('./home-empty').then(file => ({ default: file.HomeEmpty })))

function HomeContent({ home }: { home: HomeView }) {
  const rows = [
    home.continueWatching,
    home.favouriteChannels,
    home.favourites,
    home.recentChannels,
    home.newMovies,
    home.newSeries,
  ]
  const watchesChannels = home.favouriteChannels.length + home.recentChannels.length > 0
  const bare = !home.hero && rows.every(row => row.length === 0)
  if (home.empty || bare)
    return (
      <Suspense>
        <HomeEmpty withSources={!home.empty} />
      </Suspense>
    )
  return (
    <>
      {home.hero ? <HomeHero hero={home.hero} /> : null}
      <ItemShelf title="Continue watching" items={home.continueWatching} wide />
      <ItemShelf title="Favourite channels" href="/channels?category=favourites" items={home.favouriteChannels} />
      {watchesChannels ? <ForYouShelf /> : null}
      <ItemShelf title="Recent channels" href="/channels?category=recent" items={home.recentChannels} />
      <ItemShelf title="Your favourites" items={home.favourites} />
      <ItemShelf title="New movies" href="/movies?sort=added" items={home.newMovies} />
      <ItemShelf title="New series" href="/shows?sort=added" items={home.newSeries} />
    </>
  )
}

interface HomeScreenProps {
  /** What the server knew while it drew the page; without it the browser asks. */
  first: HomeView | null
}

export function HomeScreen({ first }: HomeScreenProps) {
  const home = useQuery({ ...homeQuery, ...(first ? { initialData: first } : {}) })
  return (
    <div className="relative">
      <div className="absolute inset-x-0 top-0 z-1 px-4 md:px-10">
        <PageHeader title="Home" quiet />
      </div>
      {home.isPending ? <HomeSkeleton /> : null}
      {home.isError && !home.data ? <ErrorState error={home.error} onRetry={() => void home.refetch()} /> : null}
      {home.data ? <HomeContent home={home.data} /> : null}
    </div>
  )
}
