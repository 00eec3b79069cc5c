import { Check, Heart } from 'lucide-react'
import Link from 'next/link'
import { Poster } from '@/components/ui/poster'
import type { ItemCard } from '@/lib/catalogue/schema'
import { headOf, hrefOf, percentOf, sayUnder } from './item-words'
import { RatingChip } from './rating-chip'

interface PosterCardProps {
  item: ItemCard
  eager?: boolean
  /** Where arrow keys begin on this screen. */
  first?: boolean
}

/** A movie or a series: artwork first, two quiet lines under it. */
export function PosterCard({ item, eager = false, first = false }: PosterCardProps) {
  const percent = percentOf(item)
  return (
    <Link href={hrefOf(item)} prefetch={false} data-focus-first={first || undefined} className="lift flex flex-col rounded-card">
      {/* Words stand first, so that the name is what a screen reader says first; the picture is lifted above them. */}
      <span className="mt-2 block truncate font-strong text-14">{headOf(item)}</span>
      <span className="block truncate text-12 text-muted">{sayUnder(item)}</span>
      <span className="relative order-first block">
        <Poster
          name={headOf(item)}
          image={item.image}
          caption={item.year === null ? undefined : String(item.year)}
          eager={eager}
          sizes="(width < 40rem) 8rem, 12rem"
        />
        {item.rating ? <RatingChip rating={item.rating} className="absolute top-2 left-2" /> : null}
        {item.favourite ? (
          <span className="absolute top-2 right-2 flex size-7 items-center justify-center rounded-full bg-[rgb(8_10_14/0.82)]">
            <Heart aria-hidden size="0.875rem" className="fill-white text-white" />
          </span>
        ) : null}
        {percent === null ? null : (
          <span aria-hidden className="absolute inset-x-2 bottom-2 h-1 overflow-hidden rounded-full bg-[rgb(8_10_14/0.7)]">
            <span className="block h-full rounded-full bg-[#3ddbb4]" style={{ width: `${percent}%` }} />
          </span>
        )}
        {item.progress?.finished ? (
          <span className="absolute right-2 bottom-2 flex size-7 items-center justify-center rounded-full bg-[rgb(8_10_14/0.82)] text-white">
            <Check size="1rem" aria-label="Watched" role="img" />
          </span>
        ) : null}
      </span>
    </Link>
  )
}
