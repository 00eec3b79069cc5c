'use client'

import { Play } from 'lucide-react'
import { ButtonLink } from '@/components/ui/button-link'
import { ProgressBar } from '@/components/ui/progress-bar'
import type { EpisodeView, ItemPageView } from '@/lib/catalogue/schema'
import { FavouriteButton } from './favourite-button'
import { ForgetButton } from './forget-button'
import { episodeMark, percentOf, sayProgress } from './item-words'

export function findNextEpisode(title: ItemPageView): EpisodeView | null {
  const episodes = title.seasons.flatMap(season => season.episodes)
  return episodes.find(episode => episode.id === title.nextEpisodeId) ?? episodes[0] ?? null
}

/** What is played: the title itself, or the episode to go on with. */
export function TitleActions({ title }: { title: ItemPageView }) {
  const next = title.kind === 'series' ? findNextEpisode(title) : null
  const target = title.kind === 'series' ? next : title
  const percent = target ? percentOf(target) : null
  const note = target
    ? [next ? episodeMark(next) : null, next?.name, sayProgress(target)].filter(Boolean).join(' · ')
    : 'The provider lists no episodes.'
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        {target ? (
          <ButtonLink
            href={`/watch/${target.id}`}
            prefetch={false}
            tone="primary"
            size="large"
            icon={<Play aria-hidden size="1.25rem" className="fill-current" />}
            {...(next ? {} : { 'data-focus-first': true })}
          >
            {percent === null ? 'Play' : 'Resume'}
          </ButtonLink>
        ) : null}
        <FavouriteButton item={title} />
        {target?.progress ? <ForgetButton item={target} /> : null}
      </div>
      {title.kind === 'channel' ? null : <p className="min-h-5 text-14 text-muted">{note}</p>}
      {percent === null ? null : <ProgressBar label={`Watched of ${title.name}`} value={percent} className="max-w-sm" />}
    </div>
  )
}
