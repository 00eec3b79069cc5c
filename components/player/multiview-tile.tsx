'use client'

import { useQuery } from '@tanstack/react-query'
import { Replace, RotateCw, Volume2, X } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { nowQuery } from '@/components/catalogue/now-query'
import { titleQuery } from '@/components/catalogue/queries'
import { Button } from '@/components/ui/button'
import { ControlButton } from './control-button'
import { withDataSaver } from './data-saver'
import { playbackApi } from './engine/playback-api'
import { createPlayer, type Player } from './engine/player'
import { reportQuality } from './engine/quality-report'
import { describeFailure } from './failure-text'
import { usePlayerState } from './scene'

interface TileProps {
  itemId: number
  /** May it open a stream? */
  ready: boolean
  /** Its sound is the one that is heard. */
  heard: boolean
  first: boolean
  onHear: () => void
  onChange: () => void
  onRemove: (() => void) | null
}

const icon = { 'aria-hidden': true, size: '1.125rem', strokeWidth: 1.75 } as const

function Words({ player, onRetry }: { player: Player; onRetry: () => void }) {
  const failure = usePlayerState(player, state => (state.phase === 'failed' ? state.failure : null))
  const waiting = usePlayerState(player, state => state.phase === 'loading' || state.phase === 'buffering')
  if (failure) {
    const { title, what } = describeFailure(failure)
    return (
      <div role="alert" className="absolute inset-0 flex overflow-y-auto bg-canvas p-3 text-center">
        <div className="m-auto flex flex-col items-center gap-3">
          <p className="font-strong">{title}</p>
          <p className="max-w-sm text-14 text-muted">{what}</p>
          <Button size="small" icon={<RotateCw {...icon} />} onClick={onRetry}>
            Try again
          </Button>
        </div>
      </div>
    )
  }
  return waiting ? (
    <p className="pointer-events-none absolute inset-x-0 top-1/2 text-center text-14 text-muted">One moment …</p>
  ) : null
}

/** One engine a tile; it ends with it, and its connection is free again. */
function useTilePlayer(itemId: number, ready: boolean) {
  const video = useRef<HTMLVideoElement>(null)
  const [player, setPlayer] = useState<Player | null>(null)
  useEffect(() => {
    if (!video.current) return
    const made = createPlayer(video.current, { still: null, subtitles: null, api: withDataSaver(playbackApi) })
    const stopReports = reportQuality(made)
    // Silent until it is listened to: what the viewer set for the volume stays as it is.
    made.controls.fade(0)
    setPlayer(made)
    return () => {
      stopReports()
      made.destroy()
    }
  }, [])
  useEffect(() => {
    if (ready) player?.open({ itemId })
  }, [player, itemId, ready])
  return { video, player }
}

/** One channel among several: focus brings its sound, OK the whole screen. */
export function MultiviewTile({ itemId, ready, heard, first, onHear, onChange, onRemove }: TileProps) {
  const router = useRouter()
  const { video, player } = useTilePlayer(itemId, ready)
  const card = useQuery(titleQuery(itemId)).data
  const now = useQuery(nowQuery(itemId)).data
  useEffect(() => player?.controls.fade(heard ? 1 : 0), [player, heard])
  const name = card?.name ?? ''
  return (
    <section
      aria-label={name}
      onFocus={onHear}
      className={`relative min-h-0 overflow-hidden rounded-card bg-black ${heard ? 'outline-3 outline-accent' : ''}`}
    >
      {/* biome-ignore lint/a11y/useMediaCaption: subtitles come inside the stream; tiles are too small for them */}
      <video ref={video} playsInline className="absolute inset-0 size-full object-contain" />
      <button
        type="button"
        data-tile={itemId}
        data-focus-first={first || undefined}
        aria-label={`${name}: whole screen`}
        onPointerEnter={event => event.pointerType === 'mouse' && onHear()}
        onClick={() => router.push(`/watch/${itemId}`)}
        className="absolute inset-0 rounded-card focus-visible:outline-offset-[-4px]"
      />
      {player ? <Words player={player} onRetry={player.retry} /> : null}
      <div className="player-over pointer-events-none absolute inset-x-0 bottom-0 flex items-end gap-2 bg-[linear-gradient(0deg,rgb(0_0_0/0.8),transparent)] p-3 pt-10">
        {heard ? <Volume2 {...icon} aria-hidden={false} aria-label="With sound" className="mb-1.5 shrink-0 text-accent" /> : null}
        <p className="min-w-0 grow">
          <span className="block truncate font-strong">{name}</span>
          <span className="block truncate text-14 text-muted">{now?.title ?? ''}</span>
        </p>
        <span className="pointer-events-auto flex">
          <ControlButton label={`Change ${name}`} icon={<Replace {...icon} />} onClick={onChange} />
          {onRemove ? <ControlButton label={`Remove ${name}`} icon={<X {...icon} />} onClick={onRemove} /> : null}
        </span>
      </div>
    </section>
  )
}
