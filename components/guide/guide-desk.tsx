'use client'

import { useRouter } from 'next/navigation'
import { type ReactNode, useMemo, useState } from 'react'
import type { Chosen } from './chosen'
import type { Geometry } from './geometry'
import type { GridActions } from './grid-keys'
import { GuideGrid } from './guide-grid'
import { useTight, useZoom } from './guide-preferences'
import { GuideTimes } from './guide-toolbar'
import { addDays, midnightOf, sayDay } from './guide-words'
import { ProgrammePanel } from './programme-panel'
import { daysAround } from './reach'
import { canReplay, replayHref } from './replay'
import { useGrid } from './use-grid'
import { useMinute } from './use-minute'
import { useRem } from './use-rem'

const PRIME_HOUR = 20

const sizes = { roomy: 64, tight: 44, column: 232, ruler: 44 } as const

function useGeometry(start: number, end: number, hourWidth: number): Geometry {
  const tight = useTight()
  const scale = useRem() / 16
  return useMemo(
    () => ({
      hourWidth: hourWidth * scale,
      rowHeight: (tight ? sizes.tight : sizes.roomy) * scale,
      columnWidth: sizes.column * scale,
      rulerHeight: sizes.ruler * scale,
      start,
      end,
      tight,
    }),
    [start, end, hourWidth, scale, tight],
  )
}

const chosenOf = (cell: HTMLElement): Chosen | null => {
  const row = cell.closest<HTMLElement>('[data-row]')?.dataset
  const channel = Number(row?.channel)
  if (!channel || cell.dataset.kind === 'pending') return null
  const { kind, start, stop, title = '', short } = cell.dataset
  const times = { start: Number(start), stop: Number(stop) }
  const archiveDays = Number(row?.archive ?? 0)
  return { channel, name: row?.name ?? '', ...times, title, known: kind === 'programme', short: short === 'true', archiveDays }
}

interface GuideDeskProps {
  ids: readonly number[]
  /** Days that the deepest archive of them reaches back. */
  archiveDays: number | undefined
  /** What chooses the channels. */
  filters: ReactNode
  /** In the place of a grid without channels. */
  empty: ReactNode
}

/** The grid with what steers it, and the panel of one programme. */
export function GuideDesk({ ids, archiveDays, filters, empty }: GuideDeskProps) {
  const router = useRouter()
  const now = useMinute()
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const zoom = useZoom()
  const today = midnightOf(now)
  const days = useMemo(() => daysAround(today, archiveDays), [today, archiveDays])
  const geometry = useGeometry(days[0] ?? today, addDays(days.at(-1) ?? today, 1), zoom.hourWidth)
  const grid = useGrid(geometry, ids.length, now)
  const { day } = grid.view
  const prime = () => grid.jump(new Date(day).setHours(PRIME_HOUR, 0, 0, 0))
  const toDay = (days: number) => grid.jump(addDays(grid.at(), days))
  const dayOptions = useMemo(() => days.map(day => ({ value: String(day), label: sayDay(day, today) })), [days, today])
  const actions: GridActions = {
    grid,
    count: ids.length,
    now: () => now,
    open: cell => setChosen(chosenOf(cell)),
    play: cell => {
      const wanted = chosenOf(cell)
      if (!wanted) return
      const { channel, start, stop, archiveDays = 0 } = wanted
      const isOver = stop <= now && canReplay(wanted, archiveDays, now)
      router.push(isOver ? replayHref(channel, start) : `/watch/${channel}`)
    },
    day: days => grid.move({ row: grid.active.row, time: addDays(grid.active.time, days) }),
    prime: () => grid.move({ row: grid.active.row, time: new Date(grid.active.time).setHours(PRIME_HOUR, 0, 0, 0) }),
  }
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-x-2 gap-y-3">
        {filters}
        <GuideTimes
          day={String(day)}
          days={dayOptions}
          zoom={zoom}
          onNow={() => grid.jump(now)}
          onPrime={prime}
          onEarlier={day > geometry.start ? () => toDay(-1) : null}
          onLater={day < addDays(geometry.end, -1) ? () => toDay(1) : null}
          onDay={value => toDay(days.indexOf(Number(value)) - days.indexOf(day))}
        />
      </div>
      {ids.length > 0 ? <GuideGrid ids={ids} geometry={geometry} actions={actions} now={now} /> : empty}
      {chosen ? <ProgrammePanel chosen={chosen} now={now} onChoose={setChosen} onClose={() => setChosen(null)} /> : null}
    </>
  )
}
