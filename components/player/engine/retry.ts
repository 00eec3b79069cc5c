import { SECOND } from '@/lib/kernel/time'

/** New tries after the first; the server has already walked its own list of sources before it says no. */
export const MOST_TRIES = 2

/** Ms to wait before reopening; null when trying again is over. The last try comes about 3 s after the first failure. */
export function retryDelay(tried: number): number | null {
  return tried >= MOST_TRIES ? null : 0.5 * SECOND * 2 ** tried + (tried === 0 ? 0 : 0.5 * SECOND)
}

/** After this much undisturbed picture an old failure is forgotten. */
export const FORGIVEN_AFTER = 20 * SECOND
