import Link from 'next/link'
import { LogoTile } from '@/components/ui/logo-tile'
import type { ItemCard } from '@/lib/catalogue/schema'
import { NowLine } from './now-line'

/** A channel as a card: logo, name, what is on. */
export function ChannelTile({ item, first = false }: { item: ItemCard; first?: boolean }) {
  return (
    <Link href={`/watch/${item.id}`} prefetch={false} data-focus-first={first || undefined} className="lift block rounded-card">
      <LogoTile name={item.name} image={item.image} className="aspect-video w-full rounded-card" />
      <span className="mt-2 flex items-baseline gap-2">
        {item.number === null ? null : <span className="text-12 text-faint tabular-nums">{item.number}</span>}
        <span className="truncate font-strong text-14">{item.name}</span>
      </span>
      <NowLine channelId={item.id} />
    </Link>
  )
}
