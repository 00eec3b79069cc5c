'use client'

import { useState } from 'react'
import type { KeyMode } from './keymap'
import { createActions } from './player-actions'
import type { OverlayProps } from './player-overlay'
import { type Layer, type Scene, usePlayerState } from './scene'
import type { Awake } from './use-awake'
import { type DigitEntry, useDigits } from './use-digits'
import { useFullScreen } from './use-full-screen'
import { type InfoBarSwitch, useInfoBar } from './use-info-bar'
import { useItem } from './use-item'
import { useLeave } from './use-leave'
import { useLineUp } from './use-line-up'
import { useMediaSession } from './use-media-session'
import { usePictureInPicture } from './use-picture-in-picture'
import { usePlayerKeys } from './use-player-keys'
import { useRemote } from './use-remote'
import { useZapping } from './use-zapping'
import { findByDigits, findNeighbour } from './zap-order'

export interface Overlay {
  scene: Scene
  digits: DigitEntry
  info: InfoBarSwitch
  awake: Awake
  mode: KeyMode
}

function focusControls(root: HTMLElement | null): void {
  root?.querySelector<HTMLElement>('[data-player-controls] [data-player-start]')?.focus()
}

function useScenery({ player, firstItemId, root }: OverlayProps): Scene & { previousId: number | null } {
  const { currentId, previousId, go } = useZapping(firstItemId, player)
  const sessionLive = usePlayerState(player, state => state.session?.live ?? null)
  const [layer, show] = useState<Layer | null>(null)
  const [wasLive, setWasLive] = useState(false)
  const live = sessionLive ?? wasLive
  if (live !== wasLive) setWasLive(live)
  const lineUp = useLineUp(live, currentId)
  const { page, card, nextEpisode } = useItem(currentId, lineUp.channels)
  const leave = useLeave(card)
  const fullScreen = useFullScreen(root)
  const zap = (step: number) => {
    const next = findNeighbour(lineUp.channels, currentId, step)
    if (next) go(next.id, true)
  }
  return {
    player,
    itemId: currentId,
    card,
    page,
    live: card ? card.kind === 'channel' : live,
    lineUp,
    nextEpisode,
    layer,
    show,
    go: id => go(id, live),
    zap,
    leave,
    full: fullScreen.full,
    toggleFullScreen: fullScreen.toggle,
    previousId,
  }
}

/** Joins what plays, what is open and what keys mean. */
export function useOverlay(props: OverlayProps): Overlay {
  const { root, awake } = props
  const { previousId, ...scene } = useScenery(props)
  const remote = useRemote()
  const info = useInfoBar(scene.itemId, scene.live)
  const picture = usePictureInPicture()
  const digits = useDigits(typed => {
    const channel = findByDigits(scene.lineUp.channels, typed)
    scene.lineUp.want(null)
    if (channel) scene.go(channel.id)
  })
  const busy = usePlayerState(scene.player, state => state.phase === 'paused' || state.phase === 'ended')
  const mode: KeyMode = scene.live ? (remote ? 'liveRemote' : 'live') : remote ? 'filmRemote' : 'film'

  const stepBack = () => {
    const active = document.activeElement
    if (scene.layer) scene.show(null)
    else if (digits.digits !== '') digits.clear()
    else if (active instanceof HTMLElement && active.closest('[data-player-controls]')) {
      active.blur()
      awake.sleep()
    } else if (scene.full) scene.toggleFullScreen()
    else scene.leave()
  }
  const run = createActions({
    scene,
    digits,
    stepBack,
    goBackChannel: () => previousId !== null && scene.go(previousId),
    togglePicture: picture.toggle,
    toggleInfo: () => (scene.live ? info.toggle() : awake.wake()),
    showControls: () => {
      awake.wake()
      focusControls(root.current)
    },
  })
  usePlayerKeys({ root, mode, layered: scene.layer !== null, run, onAnyKey: scene.live ? () => {} : awake.wake })
  useMediaSession(scene)
  return { scene, digits, info, awake: { ...awake, awake: awake.awake || busy }, mode }
}
