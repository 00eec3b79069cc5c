'use client'

import { useSyncExternalStore } from 'react'
import { closePictureWindow, hasPictureWindow, openPictureWindow, usePictureWindow } from './picture-window'

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

async function toggle(isOpen: boolean): Promise<void> {
  if (isOpen) return closePictureWindow()
  if (document.pictureInPictureElement) return document.exitPictureInPicture()
  const frame = document.querySelector<HTMLElement>('[data-player-frame]')
  const video = frame?.querySelector<HTMLVideoElement>('video')
  if (!frame || !video) return
  try {
    if (hasPictureWindow()) return await openPictureWindow(frame)
  } catch {
    // Refused for want of a gesture or by a policy: the browser's own window may still be had.
  }
  await video.requestPictureInPicture?.()
}

/** The picture in a small window above all others: ours with its controls where that is possible, else the browser's. */
export function usePictureInPicture(): PictureInPicture {
  const opened = usePictureWindow()
  const bare = useSyncExternalStore(
    subscribe,
    () => Boolean(document.pictureInPictureElement),
    () => false,
  )
  const possible = useSyncExternalStore(
    subscribe,
    () => document.pictureInPictureEnabled === true || hasPictureWindow(),
    () => false,
  )
  return { possible, active: bare || opened !== null, toggle: () => void toggle(opened !== null).catch(() => {}) }
}
