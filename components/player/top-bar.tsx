'use client'

import { useQuery } from '@tanstack/react-query'
import { ArrowLeft } from 'lucide-react'
import { nameOf } from '@/components/catalogue/item-words'
import { nowQuery } from '@/components/catalogue/now-query'
import { sayDay, showSpan } from '@/components/guide/guide-words'
import { useClock } from '@/components/shell/use-clock'
import { LogoTile } from '@/components/ui/logo-tile'
import type { ItemCard } from '@/lib/catalogue/schema'
import type { ReplayedProgramme } from '@/lib/playback/schema'
import { ClockFace } from './clock-face'
import { ControlButton } from './control-button'
import { useScene } from './scene'

function NowTitle({ channelId }: { channelId: number }) {
  const now = useQuery(nowQuery(channelId)).data
  return now ? <p className="truncate text-14 text-text/85">{now.title}</p> : null
}

function sayPlace({ series, year }: ItemCard): string {
  return series ? `${series.name} · S${series.season} E${series.episode}` : year === null ? '' : String(year)
}

function ReplayedTitle({ card, programme }: { card: ItemCard; programme: ReplayedProgramme | null }) {
  const now = useClock()
  if (programme === null) return null
  const [start, stop] = [Date.parse(programme.start), Date.parse(programme.stop)]
  return (
    <p className="truncate text-14 text-text/85 tabular-nums">
      {sayDay(start, now)}, {showSpan(start, stop)}
      {programme.title === '' ? '' : ` · ${card.name}`}
    </p>
  )
}

/** What plays, and the way back. */
export function TopBar() {
  const { card, channel, live, programme, leave } = useScene()
  return (
    <div className="player-over absolute inset-x-0 top-0 flex items-center gap-3 bg-[linear-gradient(180deg,rgb(0_0_0/0.8),rgb(0_0_0/0.6)_55%,transparent)] px-3 pt-[max(0.75rem,env(safe-area-inset-top))] pb-20 md:gap-4 md:px-6 md:pt-5">
      <ControlButton label="Back" icon={<ArrowLeft aria-hidden size="1.5rem" strokeWidth={1.75} />} onClick={leave} />
      {card ? (
        <>
          {channel ? <LogoTile name={card.name} image={card.image} className="h-10 w-16 md:h-12 md:w-20" /> : null}
          <div className="min-w-0 grow">
            <h1 className="flex min-w-0 items-baseline gap-2 font-title text-16 md:text-20">
              {live && card.number !== null ? <span className="text-muted tabular-nums">{card.number}</span> : null}
              <span className="truncate">{programme?.title || nameOf(card)}</span>
            </h1>
            {live ? <NowTitle channelId={card.id} /> : null}
            {channel && !live ? <ReplayedTitle card={card} programme={programme} /> : null}
            {channel ? null : <p className="truncate text-14 text-text/85">{sayPlace(card)}</p>}
          </div>
        </>
      ) : (
        <span className="grow" />
      )}
      <ClockFace />
    </div>
  )
}
