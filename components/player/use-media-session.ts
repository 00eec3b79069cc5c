'use client'

import { useEffect, useEffectEvent } from 'react'
import type { Scene } from './scene'

type Handlers = Partial<Record<MediaSessionAction, (details: MediaSessionActionDetails) => void>>

const film: readonly MediaSessionAction[] = ['play', 'pause', 'seekbackward', 'seekforward', 'seekto']
const channel: readonly MediaSessionAction[] = ['play', 'pause', 'nexttrack', 'previoustrack']

function listHandlers({ player, live, zap, next }: Scene): Handlers {
  const { controls } = player
  return {
    play: controls.play,
    pause: controls.pause,
    nexttrack: () => (live ? zap(1) : next?.go()),
    previoustrack: () => zap(-1),
    seekbackward: details => controls.seekBy(-(details.seekOffset ?? 10)),
    seekforward: details => controls.seekBy(details.seekOffset ?? 10),
    seekto: details => details.seekTime !== undefined && controls.seek(details.seekTime),
  }
}

/** Hardware keys, headphones, lock screens and the browser's own media panel. */
export function useMediaSession(scene: Scene): void {
  const { card, live, programme } = scene
  const hasNext = scene.next !== null
  const onAction = useEffectEvent((action: MediaSessionAction, details: MediaSessionActionDetails) => {
    listHandlers(scene)[action]?.(details)
  })
  useEffect(() => {
    if (!('mediaSession' in navigator) || !card) return
    const { mediaSession } = navigator
    mediaSession.metadata = new MediaMetadata({
      title: programme?.title || card.name,
      artist: programme ? card.name : (card.series?.name ?? ''),
      artwork: card.image ? [{ src: card.image }] : [],
    })
    const names: MediaSessionAction[] = live ? [...channel] : [...film, ...(hasNext ? (['nexttrack'] as const) : [])]
    for (const name of names) mediaSession.setActionHandler(name, details => onAction(name, details))
    return () => {
      for (const name of names) mediaSession.setActionHandler(name, null)
    }
  }, [card, live, hasNext, programme])
}
