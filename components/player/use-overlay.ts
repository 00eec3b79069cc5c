'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useSearch } from '@/components/shell/use-search-key'
import type { KeyMode } from './keymap'
import { createActions } from './player-actions'
import { usePlayerHost } from './player-host-store'
import type { OverlayProps } from './player-overlay'
import { usePreferences } from './preferences'
import { type Layer, type Scene, usePlayerState } from './scene'
import type { Awake } from './use-awake'
import { type DigitEntry, useDigits } from './use-digits'
import { useFullScreen } from './use-full-screen'
import { useGamepad } from './use-gamepad'
import { useGroupWalk } from './use-group-walk'
import { type InfoBarSwitch, useInfoBar } from './use-info-bar'
import { useItem } from './use-item'
import { useLeave } from './use-leave'
import { useLineUp } from './use-line-up'
import { useMediaSession } from './use-media-session'
import { useNextUp } from './use-next-up'
import { usePictureInPicture } from './use-picture-in-picture'
import { usePlayerKeys } from './use-player-keys'
import { usePrewarm } from './use-prewarm'
import { useRemote } from './use-remote'
import { useRowOptions } from './use-row-options'
import { useStartOfNow } from './use-start-of-now'
import { useStayAwake } from './use-stay-awake'
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

/** Where the picture is, the way back from the corner, and how it fills its place. */
function useDock(itemId: number, from: string | null, frame: OverlayProps['frame']): Pick<Scene, 'docked' | 'undock' | 'setFit'> {
  const { docked } = usePlayerHost()
  const router = useRouter()
  const query = from === null ? '' : `?from=${encodeURIComponent(from)}`
  return {
    docked,
    undock: () => router.push(`/watch/${itemId}${query}`),
    setFit: fit => {
      if (frame.current) frame.current.dataset.fit = fit
    },
  }
}

/** What lies over the picture. */
function useLayers(itemId: number): Pick<Scene, 'layer' | 'show' | 'optionsOf' | 'showOptions'> {
  const [layer, show] = useState<Layer | null>(null)
  const [optionsOf, setOptionsOf] = useState(itemId)
  const showOptions = (channelId: number) => {
    setOptionsOf(channelId)
    show('options')
  }
  return { layer, show, optionsOf, showOptions }
}

/** One step out: what Escape and Back do. */
function stepBack({ scene, digits, awake }: Pick<Overlay, 'scene' | 'digits' | 'awake'>): void {
  const active = document.activeElement
  if (scene.layer) scene.show(null)
  else if (digits.digits !== '') digits.clear()
  else if (active instanceof HTMLElement && active.closest('[data-player-controls]')) {
    active.blur()
    awake.sleep()
  } else if (scene.full) scene.toggleFullScreen()
  else scene.leave()
}

function useScenery({ player, root, frame }: OverlayProps): Scene & { previousId: number | null } {
  const { itemId, from, previousId, go, replay } = useZapping(player)
  const dock = useDock(itemId, from, frame)
  const { recent } = usePreferences()
  const sessionLive = usePlayerState(player, state =>
    state.session ? state.session.live || state.session.catchUp !== null : null,
  )
  const session = usePlayerState(player, state => state.session)
  const layers = useLayers(itemId)
  const [wasLive, setWasLive] = useState(false)
  const isChannel = sessionLive ?? (wasLive || from !== null)
  if (isChannel !== wasLive) setWasLive(isChannel)
  const lineUp = useLineUp(isChannel, itemId)
  const isOpening = usePlayerState(player, state => state.phase === 'loading')
  const { page, card, nextEpisode } = useItem(itemId, lineUp.channels, isOpening)
  const channel = card ? card.kind === 'channel' : isChannel
  const live = channel && from === null
  const programme = from === null ? null : (session?.catchUp ?? null)
  const open = (id: number) => go(id, channel)
  const next = useNextUp({ card, nextEpisode, programme, go: open, replay })
  const startOfNow = useStartOfNow(live ? card : null)
  const leave = useLeave(card)
  const fullScreen = useFullScreen(root)
  const travel = usePrewarm({ player, live, itemId, lineUp })
  const zap = (step: number) => {
    travel(step)
    const neighbour = findNeighbour(lineUp.channels, itemId, step)
    if (neighbour) go(neighbour.id, true)
  }
  return {
    player,
    itemId,
    card,
    page,
    channel,
    live,
    from,
    programme,
    replay,
    startOfNow,
    lineUp,
    next,
    ...layers,
    go: open,
    zap,
    leave,
    ...dock,
    recent: recent.filter(id => id !== itemId).slice(0, 10),
    full: fullScreen.full,
    toggleFullScreen: fullScreen.toggle,
    previousId,
  }
}

/** Joins what plays, what is open and what keys mean. */
export function useOverlay(props: OverlayProps): Overlay {
  const { root, frame, awake } = props
  const router = useRouter()
  const { keys } = usePreferences()
  const { previousId, ...scene } = useScenery(props)
  const remote = useRemote()
  const info = useInfoBar(scene.itemId, scene.live)
  const picture = usePictureInPicture()
  const openSearch = useSearch()
  const walkGroups = useGroupWalk(scene)
  const digits = useDigits(typed => {
    const channel = findByDigits(scene.lineUp.channels, typed)
    scene.lineUp.want(null)
    if (channel) scene.go(channel.id)
  })
  const busy = usePlayerState(scene.player, state => state.phase === 'paused' || state.phase === 'ended')
  const shape = scene.live ? 'live' : scene.from === null ? 'film' : 'replay'
  const mode: KeyMode = remote ? `${shape}Remote` : shape

  const run = createActions({
    scene,
    digits,
    stepBack: () => stepBack({ scene, digits, awake }),
    goBackChannel: () => previousId !== null && scene.go(previousId),
    togglePicture: picture.toggle,
    openGuide: () => router.push('/guide'),
    openSearch,
    stepGroup: step => void walkGroups(step).then(info.show, () => {}),
    toggleFit: () => scene.setFit(frame.current?.dataset.fit === 'fill' ? 'whole' : 'fill'),
    toggleInfo: () => (scene.live ? info.toggle() : awake.wake()),
    showControls: () => {
      awake.wake()
      focusControls(root.current)
    },
  })
  const onAnyKey = scene.live ? () => {} : awake.wake
  usePlayerKeys({
    root,
    mode,
    custom: keys,
    enabled: !scene.docked,
    layered: scene.layer !== null,
    run,
    onOptions: scene.showOptions,
    onAnyKey,
  })
  useRowOptions(!scene.docked, scene.showOptions)
  useGamepad()
  useMediaSession(scene)
  useStayAwake(scene.player)
  return { scene, digits, info, awake: { ...awake, awake: awake.awake || busy }, mode }
}
