'use client'

import { type RefObject, useEffect, useRef, useState } from 'react'
import { usePreferences } from './preferences'
import { createSoundGraph, type SoundGraph } from './sound-graph'

/** Browsers let no sound graph speak before somebody has touched the page: put on one earlier, the picture would be silent. */
function useTouched(): boolean {
  const [touched, setTouched] = useState(() => navigator.userActivation?.hasBeenActive ?? false)
  useEffect(() => {
    if (touched) return
    const end = new AbortController()
    for (const name of ['pointerdown', 'keydown']) window.addEventListener(name, () => setTouched(true), { signal: end.signal })
    return () => end.abort()
  }, [touched])
  return touched
}

/** Night mode, levelling and stereo, from the moment somebody first wants one of them. */
export function useSoundGraph(video: RefObject<HTMLVideoElement | null>): void {
  const { nightMode, levelling, stereo } = usePreferences()
  const touched = useTouched()
  const graph = useRef<SoundGraph | null>(null)
  useEffect(() => {
    if (!touched || !video.current || typeof AudioContext === 'undefined') return
    if (graph.current === null && !nightMode && !levelling && !stereo) return
    graph.current ??= createSoundGraph(video.current)
    graph.current.set({ nightMode, levelling, stereo })
  }, [video, touched, nightMode, levelling, stereo])
  useEffect(() => () => graph.current?.close(), [])
}
