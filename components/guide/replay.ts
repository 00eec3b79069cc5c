import { DAY, MINUTE } from '@/lib/kernel/time'

/** What has just been sent is in no archive yet; the server knows it to the second. */
const BEGUN = 2 * MINUTE

/** Can this programme be had from its start? Times in ms. */
export function canReplay({ start }: { start: number; stop: number }, archiveDays: number, now: number): boolean {
  return archiveDays > 0 && start >= now - archiveDays * DAY && start + BEGUN <= now
}

/** Where a channel's archive plays from a moment on. */
export const replayHref = (channel: number, start: number): string =>
  `/watch/${channel}?from=${encodeURIComponent(new Date(start).toISOString())}`
