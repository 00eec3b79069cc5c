import { CircleCheck, Play } from 'lucide-react'
import Link from 'next/link'
import { sayDate, sayLength } from '@/components/shell/say-time'
import { gradientOf } from '@/components/ui/artwork-color'
import type { EpisodeView } from '@/lib/catalogue/schema'
import { EpisodeStill } from './episode-still'
import { percentOf, sayProgress } from './item-words'

interface EpisodeRowProps {
  episode: EpisodeView
  /** The one to go on with. */
  next: boolean
}

function sayFacts(episode: EpisodeView): string {
  const date = episode.date && !Number.isNaN(Date.parse(episode.date)) ? sayDate(episode.date) : null
  const length = episode.durationSeconds ? sayLength(episode.durationSeconds) : null
  return [sayProgress(episode) ?? length, date].filter(Boolean).join(' · ')
}

export function EpisodeRow({ episode, next }: EpisodeRowProps) {
  const percent = percentOf(episode)
  const number = episode.series?.episode
  return (
    <Link
      href={`/watch/${episode.id}`}
      prefetch={false}
      {...(next ? { 'data-focus-first': true } : {})}
      className={`group flex gap-4 rounded-card p-2.5 transition-colors duration-120 hover:bg-fill focus-visible:bg-fill md:gap-5 ${next ? 'bg-fill' : ''}`}
    >
      <span
        className="relative aspect-video w-32 shrink-0 overflow-hidden rounded-cell md:w-48"
        style={{ backgroundImage: gradientOf(`${episode.series?.name} ${episode.series?.season}`) }}
      >
        <EpisodeStill image={episode.image} number={number} />
        <span className="absolute inset-0 flex items-center justify-center bg-[rgb(8_10_14/0.45)] opacity-0 transition-opacity duration-120 group-hover:opacity-100 group-focus-visible:opacity-100">
          <Play aria-hidden size="1.75rem" className="fill-white text-white" />
        </span>
        {percent === null ? null : (
          <span aria-hidden className="absolute inset-x-2 bottom-2 h-1 overflow-hidden rounded-full bg-[rgb(8_10_14/0.7)]">
            <span className="block h-full rounded-full bg-[#3ddbb4]" style={{ width: `${percent}%` }} />
          </span>
        )}
      </span>
      <span className="flex min-w-0 grow flex-col justify-center gap-0.5">
        <span className="flex items-center gap-2">
          <span className="min-w-0 truncate font-strong">
            {number === undefined ? '' : `${number}. `}
            {episode.name}
          </span>
          {episode.progress?.finished ? (
            <CircleCheck size="1.125rem" aria-label="Watched" role="img" className="shrink-0 text-ok" strokeWidth={1.75} />
          ) : null}
          {next ? (
            <span className="shrink-0 rounded-full bg-accent px-2.5 py-0.5 font-strong text-12 text-on-accent">Up next</span>
          ) : null}
        </span>
        <span className="text-12 text-muted">{sayFacts(episode)}</span>
        {episode.plot ? <span className="mt-1 line-clamp-2 max-w-3xl text-14 text-muted">{episode.plot}</span> : null}
      </span>
    </Link>
  )
}
