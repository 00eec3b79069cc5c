'use client'

import { useQuery } from '@tanstack/react-query'
import { Heart, LayoutGrid, Play, StepBack } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { NowLine } from '@/components/catalogue/now-line'
import { titleQuery } from '@/components/catalogue/queries'
import { useFavourite } from '@/components/catalogue/use-favourite'
import type { ItemCard } from '@/lib/catalogue/schema'
import { PlayerSheet } from './player-sheet'
import { getPreferences, setPreferences } from './preferences'
import { useScene } from './scene'
import { SheetLink } from './sheet-link'
import { placeTile } from './tile-order'
import { useStartOfNow } from './use-start-of-now'

const icon = { 'aria-hidden': true, size: '1.25rem', strokeWidth: 1.75 } as const

function Options({ channel }: { channel: ItemCard }) {
  const { itemId, live, go, replay, show } = useScene()
  const router = useRouter()
  const setFavourite = useFavourite(channel.id, channel.name)
  const startOfNow = useStartOfNow(channel)
  const isWatched = channel.id === itemId
  const leave = (deed: () => void) => () => {
    show(null)
    deed()
  }
  return (
    <>
      <div className="px-3 pb-3">
        <NowLine channelId={channel.id} />
      </div>
      {isWatched && live ? null : (
        <SheetLink icon={<Play {...icon} />} onSelect={leave(() => (isWatched ? replay(null) : go(channel.id)))}>
          Watch now
        </SheetLink>
      )}
      {startOfNow === null ? null : (
        <SheetLink icon={<StepBack {...icon} />} onSelect={leave(() => replay(startOfNow, channel.id))}>
          Watch from the start
        </SheetLink>
      )}
      <SheetLink
        icon={<Heart {...icon} className={channel.favourite ? 'fill-accent text-accent' : ''} />}
        onSelect={() => setFavourite(!channel.favourite)}
      >
        {channel.favourite ? 'Remove from favourites' : 'Add to favourites'}
      </SheetLink>
      <SheetLink
        icon={<LayoutGrid {...icon} />}
        onSelect={() => {
          setPreferences({ tiles: placeTile(placeTile(getPreferences().tiles, channel.id), itemId) })
          router.push('/multiview')
        }}
      >
        {isWatched ? 'Several channels at once' : 'Watch beside this one'}
      </SheetLink>
    </>
  )
}

/** What else can be done with a channel: OK or a finger held down on it, or the other button of the mouse. */
export function OptionsSheet() {
  const { optionsOf, lineUp } = useScene()
  const listed = lineUp.channels.find(({ id }) => id === optionsOf)
  const page = useQuery({ ...titleQuery(optionsOf), enabled: listed === undefined }).data
  const channel = listed ?? page
  return (
    <PlayerSheet title={channel?.name ?? 'Channel'} side="left">
      {channel ? <Options channel={channel} /> : <p className="px-3 text-muted">One moment …</p>}
    </PlayerSheet>
  )
}
