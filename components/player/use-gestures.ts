'use client'

import { type PointerEvent, useRef } from 'react'
import { isSwipe, type Point, readPinch, readVolume, readZap } from './gestures'
import type { Scene } from './scene'

interface Touch {
  from: Point
  now: Point
}

interface Gestures {
  onPointerDown: (event: PointerEvent) => void
  onPointerMove: (event: PointerEvent) => void
  onPointerCancel: (event: PointerEvent) => void
  /** The finger is up. True when it has not tapped: it swiped or pinched, or came down on what has gone from over the picture. */
  finish: (event: PointerEvent) => boolean
}

/** What fingers do on the picture beside tapping: volume, channel, fill. */
export function useGestures({ player, live, zap }: Scene, setFit: (fit: 'fill' | 'whole') => void): Gestures {
  const touches = useRef(new Map<number, Touch>())
  const pinched = useRef(false)
  const volume = useRef<number | null>(null)
  const pointOf = (event: PointerEvent): Point => ({ x: event.clientX, y: event.clientY })
  const swipeOf = ({ from, now }: Touch, { currentTarget }: PointerEvent) => ({
    from,
    to: now,
    width: currentTarget.clientWidth,
    height: currentTarget.clientHeight,
  })
  const end = (event: PointerEvent) => {
    touches.current.delete(event.pointerId)
    if (touches.current.size === 0) {
      pinched.current = false
      volume.current = null
    }
  }
  const onPointerMove = (event: PointerEvent) => {
    const touch = touches.current.get(event.pointerId)
    if (!touch) return
    touch.now = pointOf(event)
    const [one, other] = [...touches.current.values()]
    if (one && other) {
      pinched.current = true
      const fit = readPinch([one.from, other.from], [one.now, other.now])
      if (fit) setFit(fit)
      return
    }
    const change = readVolume(swipeOf(touch, event))
    if (change === null || pinched.current) return
    volume.current ??= player.getSnapshot().volume
    player.controls.setVolume(volume.current + change)
  }
  return {
    onPointerDown: event => {
      if (event.pointerType === 'touch') touches.current.set(event.pointerId, { from: pointOf(event), now: pointOf(event) })
    },
    onPointerMove,
    onPointerCancel: end,
    finish: event => {
      const touch = touches.current.get(event.pointerId)
      const swipe = touch ? swipeOf({ ...touch, now: pointOf(event) }, event) : null
      const isForeign = touch === undefined && event.pointerType === 'touch'
      const moved = isForeign || pinched.current || (swipe !== null && isSwipe(swipe))
      const step = swipe && live && !pinched.current ? readZap(swipe) : null
      end(event)
      if (step !== null) zap(step)
      return moved
    },
  }
}
