'use client'

import { useQueries } from '@tanstack/react-query'
import { BLOCK_HOURS, blocksOf } from '@/components/guide/lay-out'
import { windowQuery } from '@/components/guide/queries'
import { SECOND } from '@/lib/kernel/time'
import type { Programme } from './seek-marks'

/** What a channel shows between two moments (ms), as far as the guide knows; nothing while it is null. */
export function useProgrammes(channelId: number | null, from: number, to: number): Programme[] {
  const blocks = channelId === null ? [] : blocksOf(from, to)
  const answers = useQueries({
    queries: blocks.map(block => ({ ...windowQuery([channelId ?? 0], block, BLOCK_HOURS), retry: false })),
  })
  return answers.flatMap(({ data }) =>
    (data?.channels[0]?.cells ?? []).map(([start, stop, title]) => ({ start: start * SECOND, stop: stop * SECOND, title })),
  )
}
