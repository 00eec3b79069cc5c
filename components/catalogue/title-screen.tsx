'use client'

import { useQuery } from '@tanstack/react-query'
import { ArrowLeft } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useDocumentTitle } from '@/components/shell/use-document-title'
import { Button } from '@/components/ui/button'
import { ErrorState } from '@/components/ui/error-state'
import { IconButton } from '@/components/ui/icon-button'
import { LogoTile } from '@/components/ui/logo-tile'
import { Notice } from '@/components/ui/notice'
import { Poster } from '@/components/ui/poster'
import { Skeleton } from '@/components/ui/skeleton'
import type { ItemPageView } from '@/lib/catalogue/schema'
import { Backdrop } from './backdrop'
import { ItemShelf } from './item-shelf'
import { episodeMark, nameOf } from './item-words'
import { LongText } from './long-text'
import { NowLine } from './now-line'
import { titleQuery } from './queries'
import { SeasonTabs } from './season-tabs'
import { TitleActions } from './title-actions'
import { TitleFacts } from './title-facts'
import { TitlePeople } from './title-people'
import { TitleSources } from './title-sources'

function TitleSkeleton() {
  return (
    <div aria-hidden className="flex min-h-[60dvh] items-end gap-10 px-4 pt-24 md:px-10">
      <Skeleton className="hidden aspect-2/3 w-60 rounded-card md:block" />
      <div className="flex grow flex-col gap-4">
        <Skeleton className="h-12 w-96 max-w-full" />
        <Skeleton className="h-4 w-72 max-w-full" />
        <Skeleton className="h-24 w-full max-w-2xl" />
        <Skeleton className="h-13 w-40 rounded-full" />
      </div>
    </div>
  )
}

function TitleHead({ title }: { title: ItemPageView }) {
  return (
    <header className="relative isolate flex min-h-[60dvh] items-end gap-10 px-4 pt-28 pb-2 md:px-10">
      <Backdrop name={title.name} backdrop={title.details?.backdrop ?? null} poster={title.image} />
      <div className="hidden w-60 shrink-0 rounded-card shadow-float md:block">
        {title.kind === 'channel' ? (
          <LogoTile name={title.name} image={title.image} className="aspect-video w-full rounded-card" />
        ) : (
          <Poster name={nameOf(title)} image={title.image} eager />
        )}
      </div>
      <div className="appear flex min-w-0 flex-col gap-3">
        {title.series ? (
          <p className="font-strong text-14 text-accent">
            {title.series.name} · {episodeMark(title)}
          </p>
        ) : null}
        {title.kind === 'channel' ? <LogoTile name={title.name} image={title.image} className="h-16 w-28 md:hidden" /> : null}
        <h1 className="text-balance font-title text-40 lg:text-56">{nameOf(title)}</h1>
        {title.kind === 'channel' ? null : <TitleFacts title={title} />}
        {title.kind === 'channel' ? <NowLine channelId={title.id} withNext /> : null}
        {title.plot ? <LongText text={title.plot} /> : null}
        <div className="mt-2">
          <TitleActions title={title} />
        </div>
      </div>
    </header>
  )
}

function TitleContent({ title }: { title: ItemPageView }) {
  return (
    <article aria-label={title.name}>
      <TitleHead title={title} />
      {title.stale ? (
        <div className="mx-4 mt-6 max-w-2xl md:mx-10">
          <Notice tone="warn">The provider does not answer at the moment. This is what we knew last.</Notice>
        </div>
      ) : null}
      {title.seasons.length > 0 ? <SeasonTabs title={title} /> : null}
      {title.details ? <TitlePeople details={title.details} /> : null}
      <TitleSources title={title} />
      <ItemShelf title="More like this" items={title.similar} />
    </article>
  )
}

export function TitleScreen({ id }: { id: number }) {
  const title = useQuery(titleQuery(id))
  const router = useRouter()
  useDocumentTitle(title.data ? nameOf(title.data) : undefined)
  return (
    <div className="relative">
      <IconButton
        label="Back"
        className="absolute top-4 left-3 z-2 bg-overlay text-text md:left-9"
        icon={<ArrowLeft aria-hidden size="1.375rem" strokeWidth={1.75} />}
        onClick={() => router.back()}
      />
      {title.isPending ? <TitleSkeleton /> : null}
      {title.isError && !title.data ? (
        <div className="pt-24">
          <ErrorState
            error={title.error}
            onRetry={() => void title.refetch()}
            action={<Button onClick={() => router.back()}>Go back</Button>}
          />
        </div>
      ) : null}
      {title.data ? <TitleContent title={title.data} /> : null}
    </div>
  )
}
