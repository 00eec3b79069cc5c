'use client'

import { type RefObject, useEffect, useRef } from 'react'
import { usePreferences } from './preferences'
import { createSoundGraph, type SoundGraph } from './sound-graph'

/** Night mode, levelling and stereo, from the moment somebody first wants one of them. */
export function useSoundGraph(video: RefObject<HTMLVideoElement | null>): void {
  const { nightMode, levelling, stereo } = usePreferences()
  const graph = useRef<SoundGraph | null>(null)
  useEffect(() => {
    if (!video.current || typeof AudioContext === 'undefined') return
    if (graph.current === null && !nightMode && !levelling && !stereo) return
    graph.current ??= createSoundGraph(video.current)
    graph.current.set({ nightMode, levelling, stereo })
  }, [video, nightMode, levelling, stereo])
  useEffect(() => () => graph.current?.close(), [])
}
