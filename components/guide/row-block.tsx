'use client'

import { type UseQueryResult, useQueries } from '@tanstack/react-query'
import { memo, useLayoutEffect, useMemo } from 'react'
import { useMarks } from '@/components/notifications/use-reminders'
import type { GuideWindowView } from '@/lib/epg/schema'
import type { Geometry } from './geometry'
import { GridRow } from './grid-row'
import { BLOCK_HOURS, type Loaded, layOutRows } from './lay-out'
import { windowQuery } from './queries'
import type { Active } from './use-grid'

interface RowBlockProps {
  /** The channels of this block, and the place of the first of them. */
  ids: readonly number[]
  first: number
  /** Rows that are drawn. */
  from: number
  to: number
  /** Starts of the blocks of time that are drawn. */
  blocks: readonly number[]
  geometry: Geometry
  active: Active | null
  now: number
  left: number
  /** Looks after the focus when its cell has been replaced. */
  keepFocus: () => void
}

const toLoaded = (results: UseQueryResult<GuideWindowView>[]): Loaded[] =>
  results.map(({ data, isError }) => ({ data, failed: isError }))

/** Rows whose windows are asked for together. */
export const RowBlock = memo(function RowBlock({
  ids,
  first,
  from,
  to,
  blocks,
  geometry,
  active,
  now,
  left,
  keepFocus,
}: RowBlockProps) {
  const windows = useQueries({ queries: blocks.map(at => windowQuery(ids, at, BLOCK_HOURS)), combine: toLoaded })
  const marks = useMarks()
  const rows = useMemo(() => layOutRows(ids, blocks, windows), [ids, blocks, windows])
  // biome-ignore lint/correctness/useExhaustiveDependencies: other cells may have taken the place of the one with the focus
  useLayoutEffect(() => keepFocus(), [rows, keepFocus])
  return rows.map((row, at) => {
    const index = first + at
    if (index < from || index > to) return null
    return (
      <GridRow
        key={ids[at]}
        row={row}
        index={index}
        geometry={geometry}
        activeTime={active?.row === index ? active.time : null}
        now={now}
        left={left}
        marks={marks}
      />
    )
  })
})
