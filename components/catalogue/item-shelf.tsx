import type { ItemCard } from '@/lib/catalogue/schema'
import { ChannelTile } from './channel-tile'
import { PosterCard } from './poster-card'
import { Shelf } from './shelf'
import { WideCard } from './wide-card'

interface ItemShelfProps {
  title: string
  href?: string
  items: readonly ItemCard[]
  /** `wide` is for what goes on at once; otherwise channels are tiles and the rest posters. */
  wide?: boolean
}

/** A shelf of items, or nothing when it has none. */
export function ItemShelf({ title, href, items, wide = false }: ItemShelfProps) {
  if (items.length === 0) return null
  return (
    <Shelf title={title} {...(href ? { href } : {})}>
      {items.map(item => (
        <li key={item.id} className="shrink-0">
          {wide ? <WideCard item={item} /> : null}
          {!wide && item.kind === 'channel' ? (
            <div className="w-44 md:w-52">
              <ChannelTile item={item} />
            </div>
          ) : null}
          {!wide && item.kind !== 'channel' ? (
            <div className="w-30 md:w-40">
              <PosterCard item={item} />
            </div>
          ) : null}
        </li>
      ))}
    </Shelf>
  )
}
