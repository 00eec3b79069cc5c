'use client'

import { Captions, Layers, List, Maximize, Minimize, PictureInPicture2, Settings, SkipForward, StepBack } from 'lucide-react'
import { ControlButton } from './control-button'
import { canSeek } from './engine/player-snapshot'
import { HeartButton } from './heart-button'
import { LiveBadge } from './live-badge'
import { PlayButton } from './play-button'
import { SEEK_STEP, SKIP_STEP } from './player-actions'
import { usePlayerState, useScene } from './scene'
import { SkipButton } from './skip-button'
import { TimeLine } from './time-line'
import { usePictureInPicture } from './use-picture-in-picture'
import { VolumeControl } from './volume-control'

const icon = { 'aria-hidden': true, size: '1.375rem', strokeWidth: 1.75 } as const

function StartGroup() {
  const { player, live, from } = useScene()
  const seekable = usePlayerState(player, canSeek)
  const failed = usePlayerState(player, state => state.phase === 'failed')
  if (failed) return null
  return (
    <div className="flex items-center gap-0.5">
      <PlayButton />
      {seekable ? (
        <div className="hidden md:flex">
          <SkipButton by={-SKIP_STEP} className="max-lg:hidden" />
          <SkipButton by={-SEEK_STEP} />
          <SkipButton by={SEEK_STEP} className="max-lg:hidden" />
          <SkipButton by={SKIP_STEP} />
        </div>
      ) : null}
      <VolumeControl />
      {live || from !== null ? (
        <div className="ml-1 flex items-center md:ml-3">
          <LiveBadge />
          <FromStartButton />
        </div>
      ) : null}
    </div>
  )
}

function FromStartButton() {
  const { startOfNow, replay } = useScene()
  if (startOfNow === null) return null
  return <ControlButton label="From the start" icon={<StepBack {...icon} />} onClick={() => replay(startOfNow)} />
}

function SubtitlesButton() {
  const { player } = useScene()
  const subtitles = usePlayerState(player, state => state.choices.subtitles)
  if (subtitles.length === 0) return null
  const on = subtitles.some(choice => choice.active)
  return (
    <ControlButton
      label="Subtitles"
      aria-pressed={on}
      className={on ? 'text-accent' : ''}
      icon={<Captions {...icon} />}
      onClick={player.controls.cycleSubtitles}
    />
  )
}

function EndGroup() {
  const { card, channel, show, next, full, toggleFullScreen } = useScene()
  const picture = usePictureInPicture()
  return (
    <div className="ml-auto flex items-center gap-0.5">
      {next ? (
        <ControlButton
          label={channel ? 'Next programme' : 'Next episode'}
          className={channel ? 'max-md:hidden' : ''}
          icon={<SkipForward {...icon} />}
          onClick={next.go}
        />
      ) : null}
      {channel ? <ControlButton label="Channels" icon={<List {...icon} />} onClick={() => show('channels')} /> : null}
      {card ? (
        <div className={channel ? 'max-sm:hidden' : ''}>
          <HeartButton card={card} />
        </div>
      ) : null}
      {/* A phone has room for what is pressed most; Settings leads to the sources, too. */}
      <ControlButton
        label="Sources"
        className={channel ? 'max-sm:hidden' : ''}
        icon={<Layers {...icon} />}
        onClick={() => show('sources')}
      />
      <div className="hidden md:flex">
        <SubtitlesButton />
      </div>
      <ControlButton label="Settings" icon={<Settings {...icon} />} onClick={() => show('settings')} />
      {picture.possible ? (
        <ControlButton
          label="Picture in picture"
          aria-pressed={picture.active}
          className="max-md:hidden"
          icon={<PictureInPicture2 {...icon} />}
          onClick={picture.toggle}
        />
      ) : null}
      <ControlButton
        label={full ? 'Leave full screen' : 'Full screen'}
        icon={full ? <Minimize {...icon} /> : <Maximize {...icon} />}
        onClick={toggleFullScreen}
      />
    </div>
  )
}

/** Time line and controls. */
export function BottomBar() {
  return (
    <div className="absolute inset-x-0 bottom-0 bg-[linear-gradient(0deg,rgb(0_0_0/0.82),rgb(0_0_0/0.5)_55%,transparent)] px-3 pt-20 pb-[max(0.5rem,env(safe-area-inset-bottom))] md:px-6 md:pb-4">
      <div className="px-2">
        <TimeLine />
      </div>
      <div className="player-over flex items-center gap-1">
        <StartGroup />
        <EndGroup />
      </div>
    </div>
  )
}
