import type { Programme } from '@/lib/epg/schema'
import { DAY } from '@/lib/kernel/time'
import { wallClock } from './render-account'

export type ListedProgramme = Pick<Programme, 'title' | 'description' | 'start' | 'stop'>

export interface ListingChannel {
  id: number
  guideId: string | null
  archiveDays: number
}

const base64 = (text: string | null): string => (text ? Buffer.from(text).toString('base64') : '')
const epoch = (date: Date): number => Math.floor(date.getTime() / 1_000)

/**
 * One row of `epg_listings`. `end` and `stop` say the same: apps read one or the other, and only the timestamps are to be
 * trusted (protocols.md 2.7). `full` adds what only the whole table has.
 */
export function renderListing(
  { title, description, start, stop }: ListedProgramme,
  channel: ListingChannel,
  { now, full }: { now: Date; full: boolean },
) {
  const row = {
    id: String(epoch(start)),
    epg_id: String(channel.id),
    title: base64(title),
    lang: '',
    start: wallClock(start),
    end: wallClock(stop),
    stop: wallClock(stop),
    description: base64(description),
    channel_id: channel.guideId ?? '',
    start_timestamp: String(epoch(start)),
    stop_timestamp: String(epoch(stop)),
  }
  if (!full) return row
  const isOver = stop <= now
  const isKept = stop.getTime() > now.getTime() - channel.archiveDays * DAY
  return { ...row, now_playing: start <= now && !isOver ? 1 : 0, has_archive: isOver && isKept ? 1 : 0 }
}

/** The older form of panel_api: epochs, and texts as they are. */
export function renderPanelListing({ title, description, start, stop }: ListedProgramme, channel: ListingChannel) {
  return {
    id: String(epoch(start)),
    epg_id: String(channel.id),
    title: base64(title),
    lang: '',
    start: epoch(start),
    end: epoch(stop),
    description: base64(description),
    channel_id: channel.guideId ?? '',
  }
}
