'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { LogoTile } from '@/components/ui/logo-tile'
import { Skeleton } from '@/components/ui/skeleton'
import { VirtualGrid } from '@/components/ui/virtual-grid'
import type { GuideWindowView } from '@/lib/epg/schema'
import { DaySheet, type OpenChannel } from './day-sheet'
import { sayTime } from './guide-words'
import { BLOCK_HOURS, BLOCK_ROWS, blockStart, cellAt, findChannel, layOutRows, type Row } from './lay-out'
import { ROOM, windowQuery } from './queries'
import { useMinute } from './use-minute'

const ROW_HEIGHT = 4.5

function useRow(slice: readonly number[], id: number, now: number): Row | undefined {
  const block = blockStart(now)
  const client = useQueryClient()
  const { data, isError } = useQuery(windowQuery(slice, block, BLOCK_HOURS))
  const row = useMemo(() => {
    if (!data && !isError) return undefined
    return layOutRows([id], [block], [{ data, failed: isError }])[0]
  }, [id, block, data, isError])
  if (!row || row.channel) return row
  // Windows of other hours tell no programme of now, but which channel it is. Kept ones may come after the failure.
  const others = client.getQueriesData<GuideWindowView>({ queryKey: [ROOM, 'window'] }).map(([, view]) => view)
  return { ...row, channel: findChannel(others, id) }
}

interface OnNowRowProps {
  slice: readonly number[]
  id: number
  onOpen: (channel: OpenChannel) => void
}

function OnNowRow({ slice, id, onOpen }: OnNowRowProps) {
  const now = useMinute()
  const row = useRow(slice, id, now)
  if (row && !row.channel) return <span className="flex h-full items-center text-14 text-faint">Could not be loaded</span>
  if (!row?.channel) {
    return (
      <span className="flex h-full items-center gap-3">
        <Skeleton className="h-12 w-18" />
        <Skeleton className="h-4 grow" />
      </span>
    )
  }
  const { channel, cells } = row
  const on = cellAt(cells, now)
  const next = cells.find(cell => cell.kind === 'programme' && cell.start >= (on?.stop ?? now))
  const isKnown = on?.kind === 'programme'
  return (
    <button
      type="button"
      onClick={() => onOpen(channel)}
      className="flex size-full items-center gap-3 rounded-card text-left outline-offset-[-3px]"
    >
      <LogoTile name={channel.name} image={channel.image} className="h-12 w-18" />
      <span className="min-w-0 grow">
        <span className="flex items-baseline gap-2">
          <span className="truncate font-strong text-14">{isKnown ? on.title : 'No information'}</span>
        </span>
        <span className="flex items-center gap-2 text-12 text-muted">
          <span className="truncate">{channel.name}</span>
          {isKnown ? (
            <span aria-hidden className="ml-auto h-1 w-12 shrink-0 overflow-hidden rounded-full bg-fill-strong">
              <span
                className="block h-full rounded-full bg-accent"
                style={{ width: `${((now - on.start) / (on.stop - on.start)) * 100}%` }}
              />
            </span>
          ) : null}
        </span>
        <span className="block truncate text-12 text-faint tabular-nums">
          {next ? `${sayTime(next.start)} ${next.title}` : ' '}
        </span>
      </span>
    </button>
  )
}

/** Phones: what is on now on each channel; a channel opens to its days. */
export function OnNowList({ ids }: { ids: readonly number[] }) {
  const [open, setOpen] = useState<OpenChannel | null>(null)
  const items = useMemo(() => ids.map((id, at) => ({ id, slice: Math.floor(at / BLOCK_ROWS) * BLOCK_ROWS })), [ids])
  const slices = useMemo(() => {
    const made = new Map<number, readonly number[]>()
    for (let at = 0; at < ids.length; at += BLOCK_ROWS) made.set(at, ids.slice(at, at + BLOCK_ROWS))
    return made
  }, [ids])
  const render = useMemo(
    () => (item: { id: number; slice: number }) => (
      <OnNowRow slice={slices.get(item.slice) ?? []} id={item.id} onOpen={setOpen} />
    ),
    [slices],
  )
  return (
    <section aria-label="On now">
      <VirtualGrid
        label="On now"
        items={items}
        keyOf={item => item.id}
        minColumn={() => 400}
        gap={0.25}
        cellHeight={() => ROW_HEIGHT}
        render={render}
      />
      {open ? <DaySheet channel={open} onClose={() => setOpen(null)} /> : null}
    </section>
  )
}
