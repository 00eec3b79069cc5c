'use client'

import { useRef } from 'react'
import { captionVariables } from './caption-style'
import { usePlayerHost } from './player-host-store'
import { PlayerOverlay } from './player-overlay'
import { usePreferences, useProfilePreferences } from './preferences'
import { useAwake } from './use-awake'
import { usePlayer } from './use-player'
import { useSoundGraph } from './use-sound-graph'

const filling = 'inset-0 bg-canvas'
const docked =
  'right-3 bottom-24 w-60 rounded-card shadow-float hairline bg-surface md:right-6 md:bottom-6 md:w-88 min-[1600px]:w-104'

/** The picture and what lies over it. The video element is never replaced while anything plays. */
export function PlayerStage() {
  const root = useRef<HTMLDivElement>(null)
  const frame = useRef<HTMLDivElement>(null)
  const video = useRef<HTMLVideoElement>(null)
  const still = useRef<HTMLCanvasElement>(null)
  const subtitles = useRef<HTMLDivElement>(null)
  const host = usePlayerHost()
  useProfilePreferences()
  const { captions } = usePreferences()
  const player = usePlayer({ video, still, subtitles })
  const awake = useAwake(root)
  useSoundGraph(video)

  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles can have a name
    <div
      ref={root}
      role={host.docked ? 'complementary' : 'main'}
      data-focus-corner={host.docked || undefined}
      data-controls={(awake.awake && !host.docked) || undefined}
      aria-label={host.docked ? 'Playing now' : undefined}
      className={`player-root fixed z-30 overflow-hidden text-text ${host.docked ? docked : filling} ${awake.awake || host.docked ? '' : 'cursor-none'}`}
    >
      <div className={host.docked ? 'relative aspect-video w-full bg-black' : 'absolute inset-0'}>
        <div ref={frame} data-player-frame className="absolute inset-0">
          {/* biome-ignore lint/a11y/useMediaCaption: subtitles come inside the stream and are drawn beside the element */}
          <video ref={video} data-player playsInline className="absolute inset-0 size-full bg-canvas object-contain" />
          <canvas ref={still} aria-hidden className="pointer-events-none absolute inset-0 size-full object-contain" hidden />
          <div
            ref={subtitles}
            data-player-captions
            style={captionVariables(captions)}
            className="pointer-events-none absolute inset-0"
          />
        </div>
      </div>
      {player ? <PlayerOverlay player={player} root={root} frame={frame} awake={awake} /> : null}
    </div>
  )
}
