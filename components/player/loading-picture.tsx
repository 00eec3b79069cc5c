'use client'

import { useQuery } from '@tanstack/react-query'
import { nameOf } from '@/components/catalogue/item-words'
import { nowQuery } from '@/components/catalogue/now-query'
import { gradientOf } from '@/components/ui/artwork-color'
import { LogoTile } from '@/components/ui/logo-tile'
import { Picture } from '@/components/ui/picture'
import { Poster } from '@/components/ui/poster'
import { ProgressBar } from '@/components/ui/progress-bar'
import { describeFailure } from './failure-text'
import { usePlayerState, useScene } from './scene'

function NowWords({ channelId }: { channelId: number }) {
  const now = useQuery(nowQuery(channelId)).data
  return <p className="h-6 max-w-full truncate text-muted">{now?.title ?? ''}</p>
}

function TryWords() {
  const { player } = useScene()
  const failure = usePlayerState(player, state => state.failure)
  const tried = usePlayerState(player, state => state.tried)
  if (!failure) return null
  return (
    <p role="status" className="max-w-md text-balance text-center text-14 text-muted">
      {describeFailure(failure).title}. {tried > 1 ? 'Trying another way' : 'Trying again'} …
    </p>
  )
}

/** Until the first picture: artwork out of focus and a calm line; the last picture shines through when there is one. */
export function LoadingPicture() {
  const { player, card, page, channel, live } = useScene()
  const shown = usePlayerState(player, state => state.phase === 'loading')
  const still = usePlayerState(player, state => state.still || state.switching)
  if (!shown) return null
  const wide = page?.details?.backdrop ?? card?.image ?? null
  return (
    <div
      className={`absolute inset-0 flex flex-col items-center justify-center gap-6 px-8 ${still ? 'bg-black/60' : 'bg-canvas'}`}
    >
      {card && !still ? (
        <div
          aria-hidden
          className="absolute inset-0 overflow-hidden opacity-45"
          style={{ backgroundImage: gradientOf(card.name) }}
        >
          {wide && !channel ? <Picture src={wide} eager className="size-full scale-110 object-cover blur-2xl" /> : null}
        </div>
      ) : null}
      <div className="appear relative flex w-full max-w-sm flex-col items-center gap-4 text-center">
        {card && !still ? (
          <>
            {channel ? (
              <LogoTile name={card.name} image={card.image} className="h-20 w-32" />
            ) : (
              <Poster name={card.name} image={card.image} eager className="w-32 shadow-float md:w-40" />
            )}
            <p className="max-w-full truncate font-title text-20">{nameOf(card)}</p>
            {live ? <NowWords channelId={card.id} /> : null}
          </>
        ) : null}
        <ProgressBar label="Starting" className="w-48" />
        <TryWords />
      </div>
    </div>
  )
}
