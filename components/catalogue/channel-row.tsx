import { History, Info } from 'lucide-react'
import Link from 'next/link'
import { LogoTile } from '@/components/ui/logo-tile'
import type { ItemCard } from '@/lib/catalogue/schema'
import { FavouriteButton } from './favourite-button'
import { NowLine } from './now-line'

/** One line of the channel list: number, logo, name, what is on and next. */
export function ChannelRow({ item, first = false }: { item: ItemCard; first?: boolean }) {
  return (
    <div className="flex h-full items-center gap-1 rounded-card pr-1 transition-colors duration-120 focus-within:bg-fill at-rest:hover:bg-fill">
      <Link
        href={`/watch/${item.id}`}
        prefetch={false}
        data-focus-first={first || undefined}
        className="flex h-full min-w-0 grow items-center gap-3 rounded-card pr-1 outline-offset-[-3px] md:gap-4 md:px-3"
      >
        <span className="w-9 shrink-0 text-right text-12 text-faint tabular-nums md:w-12 md:text-14">{item.number ?? ''}</span>
        <LogoTile name={item.name} image={item.image} className="h-12 w-18 md:w-20" />
        <span className="min-w-0 grow">
          <span className="flex items-center gap-2">
            <span className="truncate font-strong">{item.name}</span>
            {item.archiveDays > 0 ? (
              <span title={`Catch-up: ${item.archiveDays} days`} className="flex shrink-0 items-center gap-1 text-12 text-faint">
                <History aria-hidden size="0.875rem" />
                <span className="sr-only">Catch-up </span>
                {item.archiveDays} d
              </span>
            ) : null}
          </span>
          <NowLine channelId={item.id} withNext />
        </span>
      </Link>
      <Link
        href={`/title/${item.id}`}
        prefetch={false}
        aria-label={`About ${item.name}`}
        title="About"
        className="hidden size-11 shrink-0 items-center justify-center rounded-full text-muted transition duration-120 hover:bg-fill-strong hover:text-text md:inline-flex"
      >
        <Info aria-hidden size="1.25rem" strokeWidth={1.75} />
      </Link>
      <FavouriteButton item={item} inRow />
    </div>
  )
}
