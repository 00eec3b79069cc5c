'use client'

import { useClock } from '@/components/shell/use-clock'
import { MINUTE } from '@/lib/kernel/time'

/** The time of day to the minute: what depends on it is drawn again once a minute. */
export const useMinute = (): number => Math.floor(useClock() / MINUTE) * MINUTE
