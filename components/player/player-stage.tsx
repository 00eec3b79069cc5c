'use client'

import { useRef } from 'react'
import { PlayerOverlay } from './player-overlay'
import { useAwake } from './use-awake'
import { usePlayer } from './use-player'

/** The picture and what lies over it. The video element is never replaced while the screen is open. */
export function PlayerStage({ firstItemId, firstFrom }: { firstItemId: number; firstFrom: string | null }) {
  const root = useRef<HTMLElement>(null)
  const video = useRef<HTMLVideoElement>(null)
  const still = useRef<HTMLCanvasElement>(null)
  const subtitles = useRef<HTMLDivElement>(null)
  const player = usePlayer({ video, still, subtitles }, firstItemId, firstFrom)
  const awake = useAwake(root)

  return (
    <main
      ref={root}
      className={`player-root fixed inset-0 overflow-hidden bg-canvas text-text ${awake.awake ? '' : 'cursor-none'}`}
    >
      {/* biome-ignore lint/a11y/useMediaCaption: subtitles come inside the stream and are drawn beside the element */}
      <video ref={video} data-player playsInline className="absolute inset-0 size-full bg-canvas object-contain" />
      <canvas ref={still} aria-hidden className="pointer-events-none absolute inset-0 size-full object-contain" hidden />
      <div ref={subtitles} className="pointer-events-none absolute inset-0" />
      {player ? (
        <PlayerOverlay player={player} firstItemId={firstItemId} firstFrom={firstFrom} root={root} awake={awake} />
      ) : null}
    </main>
  )
}
