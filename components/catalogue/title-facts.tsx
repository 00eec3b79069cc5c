import { Star } from 'lucide-react'
import { sayLength } from '@/components/shell/say-time'
import type { ItemPageView } from '@/lib/catalogue/schema'

function listFacts(title: ItemPageView): string[] {
  const seasons = title.seasons.length
  const facts = [
    title.year === null ? null : String(title.year),
    title.durationSeconds ? sayLength(title.durationSeconds) : null,
    seasons > 0 ? `${seasons} ${seasons === 1 ? 'season' : 'seasons'}` : null,
    title.genres.slice(0, 3).join(', ') || null,
    title.details?.country ?? null,
  ]
  return facts.filter(fact => fact !== null)
}

/** Year, length, genres: one line. */
export function TitleFacts({ title }: { title: ItemPageView }) {
  return (
    <p className="flex min-h-6 flex-wrap items-center gap-x-3 gap-y-1 text-14 text-muted">
      {title.rating ? (
        <span className="inline-flex items-center gap-1.5 font-strong text-text tabular-nums">
          <Star aria-hidden size="1rem" className="fill-warn text-warn" />
          <span className="sr-only">Rated </span>
          {title.rating.toFixed(1)}
        </span>
      ) : null}
      {title.details?.ageRating ? (
        <span className="rounded border border-line-strong px-1.5 text-12">{title.details.ageRating}</span>
      ) : null}
      {listFacts(title).join('  ·  ')}
    </p>
  )
}
