'use client'

import { type RefObject, useCallback, useSyncExternalStore } from 'react'

function subscribe(listener: () => void): () => void {
  document.addEventListener('fullscreenchange', listener)
  return () => document.removeEventListener('fullscreenchange', listener)
}

interface AppleVideo extends HTMLVideoElement {
  webkitEnterFullscreen?: () => void
}

interface KeyLock {
  lock?: (keys: string[]) => Promise<void>
}

async function enter(root: HTMLElement | null): Promise<void> {
  if (!root) return
  if (!root.requestFullscreen) {
    root.querySelector<AppleVideo>('video')?.webkitEnterFullscreen?.()
    return
  }
  await root.requestFullscreen({ navigationUI: 'hide' })
  // With Escape in our own hands it closes an open sheet first and leaves full screen last.
  const { keyboard } = navigator as Navigator & { keyboard?: KeyLock }
  await keyboard?.lock?.(['Escape'])
}

export function useFullScreen(root: RefObject<HTMLElement | null>): { full: boolean; toggle: () => void } {
  const full = useSyncExternalStore(
    subscribe,
    () => document.fullscreenElement !== null,
    () => false,
  )
  const toggle = useCallback(() => {
    const change = document.fullscreenElement ? document.exitFullscreen() : enter(root.current)
    // Refused without a gesture: nothing to say, the picture simply stays as it is.
    change.catch(() => {})
  }, [root])
  return { full, toggle }
}
