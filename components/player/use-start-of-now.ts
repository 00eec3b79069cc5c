'use client'

import { useQuery } from '@tanstack/react-query'
import { nowQuery } from '@/components/catalogue/now-query'
import { useClock } from '@/components/shell/use-clock'
import type { ItemCard } from '@/lib/catalogue/schema'
import { MINUTE } from '@/lib/kernel/time'

/** What has only just begun is not in the archive yet. */
const BEGUN = 2 * MINUTE

/** When the programme began that a live channel with an archive shows; null when it cannot be had from its start. */
export function useStartOfNow(channel: ItemCard | null): string | null {
  const now = useClock()
  const isArchived = (channel?.archiveDays ?? 0) > 0
  const running = useQuery({ ...nowQuery(channel?.id ?? 0), enabled: isArchived }).data
  if (!isArchived || !running || Date.parse(running.start) + BEGUN > now) return null
  return running.start
}
