'use client'

import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from 'react'
import { SECOND } from '@/lib/kernel/time'
import { ChannelRow } from './channel-row'
import { readKey } from './read-key'
import { useScene } from './scene'
import { findNeighbour, listAround } from './zap-order'

/** Rows above and below the one that is chosen. */
const AROUND = 2
/** Goes by itself when nobody touches it. */
const IDLE = 12 * SECOND

const steps: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  PageUp: 1,
  PageDown: -1,
  ChannelUp: 1,
  ChannelDown: -1,
}

/** The neighbours of the channel that plays, with what they show: arrows walk, OK changes, Back closes. */
export function MiniGuide() {
  const { lineUp, itemId, go, show } = useScene()
  const { channels, loadMore } = lineUp
  const [chosenId, setChosenId] = useState(itemId)
  const box = useRef<HTMLUListElement>(null)
  const rows = listAround(channels, chosenId, AROUND)
  const nearEnd = lineUp.more && channels.findIndex(({ id }) => id === chosenId) > channels.length - 10
  useEffect(() => {
    if (nearEnd) loadMore()
  }, [nearEnd, loadMore])
  useEffect(() => {
    box.current?.querySelector<HTMLElement>(`[data-channel="${chosenId}"] button`)?.focus({ preventScroll: true })
  }, [chosenId])
  const onIdle = useEffectEvent(() => show(null))
  useEffect(() => {
    const timer = setTimeout(() => chosenId && onIdle(), IDLE)
    return () => clearTimeout(timer)
  }, [chosenId])

  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[readKey(event.nativeEvent)]
    if (step === undefined) return
    event.preventDefault()
    const next = findNeighbour(channels, chosenId, step)
    if (next) setChosenId(next.id)
  }
  const pick = (id: number) => {
    show(null)
    go(id)
  }
  return (
    <section
      aria-label="Neighbouring channels"
      data-player-layer
      onKeyDown={onKeyDown}
      className="rise absolute inset-x-3 bottom-4 rounded-sheet bg-overlay p-2 shadow-float backdrop-blur-xl md:right-auto md:bottom-8 md:left-8 md:w-[min(44rem,64vw)]"
    >
      <ul ref={box} aria-label="Channels">
        {rows.map(channel => (
          <li key={channel.id} data-channel={channel.id}>
            <ChannelRow channel={channel} playing={channel.id === itemId} withNext onPick={() => pick(channel.id)} />
          </li>
        ))}
      </ul>
      {rows.length === 0 ? <p className="px-4 py-3 text-muted">No channels are known yet.</p> : null}
    </section>
  )
}
