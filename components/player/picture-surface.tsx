'use client'

import { type PointerEvent, useRef, useState } from 'react'
import { canSeek } from './engine/player-snapshot'
import { PlayButton } from './play-button'
import { SEEK_STEP, SKIP_STEP } from './player-actions'
import { usePlayerState, useScene } from './scene'
import { SkipButton } from './skip-button'
import type { Awake } from './use-awake'
import { useGestures } from './use-gestures'

const DOUBLE_TAP = 300

interface Tap {
  at: number
  side: -1 | 0 | 1
}

function sideOf(event: PointerEvent): -1 | 0 | 1 {
  const part = event.clientX / event.currentTarget.clientWidth
  return part < 0.35 ? -1 : part > 0.65 ? 1 : 0
}

/** The bare picture: a mouse plays, pauses and goes full screen; a thumb shows the controls and taps twice to seek. */
export function PictureSurface({ awake }: { awake: Awake }) {
  const scene = useScene()
  const { player, layer, show, toggleFullScreen } = scene
  const seekable = usePlayerState(player, canSeek)
  const phase = usePlayerState(player, state => state.phase)
  const { finish, ...gestures } = useGestures(scene, scene.setFit)
  const last = useRef<Tap>({ at: 0, side: 0 })
  const [jump, setJump] = useState<{ side: -1 | 1; count: number } | null>(null)

  const onTouch = (event: PointerEvent) => {
    const tap: Tap = { at: event.timeStamp, side: sideOf(event) }
    const twice = tap.at - last.current.at < DOUBLE_TAP && tap.side === last.current.side
    last.current = tap
    if (twice && tap.side !== 0 && seekable) {
      const { side } = tap
      player.controls.seekBy(side * SEEK_STEP)
      setJump(before => ({ side, count: before?.side === side ? before.count + 1 : 1 }))
      awake.sleep()
    } else if (awake.awake) awake.sleep()
    else awake.wake()
  }
  const onPointerUp = (event: PointerEvent) => {
    if (finish(event) || event.button !== 0) return
    if (layer) return show(null)
    if (event.pointerType !== 'mouse') return onTouch(event)
    if (phase !== 'failed') player.controls.toggle()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a larger target for what the buttons and keys also do
    <div className="absolute inset-0 touch-none" {...gestures} onPointerUp={onPointerUp} onDoubleClick={toggleFullScreen}>
      {jump ? (
        <span
          key={`${jump.side}.${jump.count}`}
          aria-hidden
          onAnimationEnd={() => setJump(null)}
          className={`absolute inset-y-0 flex w-1/3 animate-[appear_500ms_reverse_both] items-center justify-center bg-white/10 font-title text-20 ${jump.side < 0 ? 'left-0 rounded-r-[50%]' : 'right-0 rounded-l-[50%]'}`}
        >
          {jump.side < 0 ? '−' : '+'}
          {jump.count * SEEK_STEP} s
        </span>
      ) : null}
      {awake.awake && seekable && phase !== 'failed' && phase !== 'loading' ? (
        <div
          className="player-over absolute inset-0 m-auto hidden h-fit w-fit items-center gap-5 max-md:pointer-coarse:flex"
          onPointerUp={event => event.stopPropagation()}
          data-player-controls
        >
          <SkipButton by={-SEEK_STEP} big className="bg-black/40" />
          <PlayButton big className="size-18 bg-black/40" />
          <SkipButton by={SKIP_STEP} big className="bg-black/40" />
        </div>
      ) : null}
    </div>
  )
}
