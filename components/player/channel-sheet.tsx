'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import { Skeleton } from '@/components/ui/skeleton'
import { ChannelRow } from './channel-row'
import { GroupChips } from './group-chips'
import { PlayerSheet } from './player-sheet'
import { useScene } from './scene'

const ROW = 68

/** Those watched last, and every group of channels. */
function ScopeChips() {
  const { lineUp, show } = useScene()
  return (
    <GroupChips lineUp={lineUp}>
      <Chip selected={false} onClick={() => show('recent')}>
        Recent
      </Chip>
    </GroupChips>
  )
}

function Pending() {
  return (
    <div className="flex flex-col gap-3 px-6">
      {['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(key => (
        <Skeleton key={key} className="h-14 w-full rounded-card" />
      ))}
    </div>
  )
}

function ChannelRows() {
  const { lineUp, itemId, go } = useScene()
  const box = useRef<HTMLDivElement>(null)
  const { channels } = lineUp
  const at = channels.findIndex(channel => channel.id === itemId)
  const rows = useVirtualizer({
    count: channels.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 6,
    initialOffset: Math.max(0, at * ROW - 3 * ROW),
  })
  const visible = rows.getVirtualItems()
  const last = visible.at(-1)?.index ?? 0
  const nearEnd = lineUp.more && last >= channels.length - 10
  const { loadMore } = lineUp
  useEffect(() => {
    if (nearEnd) loadMore()
  }, [nearEnd, loadMore])

  // The picture of the row appears one frame after the sheet; the focus goes to the playing channel then.
  useEffect(() => {
    const frame = requestAnimationFrame(() =>
      box.current?.querySelector<HTMLElement>('[aria-current="true"]')?.focus({ preventScroll: true }),
    )
    return () => cancelAnimationFrame(frame)
  }, [])

  return (
    <div ref={box} className="h-full overflow-y-auto overscroll-contain px-3 pb-6">
      <ul aria-label="Channels" className="relative" style={{ height: rows.getTotalSize() }}>
        {visible.map(row => {
          const channel = channels[row.index]
          return channel ? (
            <li key={channel.id} className="absolute inset-x-0 top-0 h-16" style={{ transform: `translateY(${row.start}px)` }}>
              <ChannelRow channel={channel} playing={channel.id === itemId} onPick={() => go(channel.id)} />
            </li>
          ) : null
        })}
      </ul>
    </div>
  )
}

/** The mini-guide: what the other channels show, while this one plays on. */
export function ChannelSheet() {
  const { lineUp } = useScene()
  const empty = !lineUp.loading && lineUp.channels.length === 0
  return (
    <PlayerSheet title="Channels" side="left" scrolls head={<ScopeChips />}>
      {lineUp.loading ? <Pending /> : null}
      {empty ? (
        <div className="flex flex-col items-start gap-4 px-6 py-4 text-muted">
          <p>
            {lineUp.error
              ? 'The list did not come.'
              : lineUp.scope === 'favourites'
                ? 'No favourites yet. The heart beside a channel puts it here.'
                : 'No channels yet.'}
          </p>
          {lineUp.error ? <Button onClick={lineUp.retry}>Try again</Button> : null}
        </div>
      ) : null}
      {!lineUp.loading && !empty ? <ChannelRows key={lineUp.scope} /> : null}
    </PlayerSheet>
  )
}
