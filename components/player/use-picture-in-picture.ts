'use client'

import { useCallback, useSyncExternalStore } from 'react'

function subscribe(listener: () => void): () => void {
  // These two bubble from the video element.
  document.addEventListener('enterpictureinpicture', listener)
  document.addEventListener('leavepictureinpicture', listener)
  return () => {
    document.removeEventListener('enterpictureinpicture', listener)
    document.removeEventListener('leavepictureinpicture', listener)
  }
}

export interface PictureInPicture {
  possible: boolean
  active: boolean
  toggle: () => void
}

export function usePictureInPicture(): PictureInPicture {
  const active = useSyncExternalStore(
    subscribe,
    () => Boolean(document.pictureInPictureElement),
    () => false,
  )
  const possible = useSyncExternalStore(
    subscribe,
    () => document.pictureInPictureEnabled === true,
    () => false,
  )
  const toggle = useCallback(() => {
    const video = document.querySelector<HTMLVideoElement>('video[data-player]')
    const change = document.pictureInPictureElement ? document.exitPictureInPicture() : video?.requestPictureInPicture?.()
    change?.catch(() => {})
  }, [])
  return { possible, active, toggle }
}
