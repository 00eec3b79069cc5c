import { SECOND } from '@/lib/kernel/time'
import type { PlaybackView } from '@/lib/playback/schema'
import type { Mark } from './seek-bar'

const none: readonly Mark[] = []

/** Where the parts of a film begin; those without a name, and those outside of it, are numbered or left out. */
export function markChapters(chapters: PlaybackView['chapters'], end: number): readonly Mark[] {
  if (chapters === undefined || chapters.length < 2) return none
  return chapters
    .map(({ start, title }, index) => ({ start, title: title.trim() || `Chapter ${index + 1}` }))
    .filter(({ start }) => start >= 0 && start < end)
}

/** Something that is on, in ms since 1970. */
export interface Programme {
  start: number
  stop: number
  title: string
}

interface Line {
  /** Seconds on the line of the player. */
  start: number
  end: number
  /** What time it is at its end, in ms since 1970. */
  endsAt: number
}

/** Where each programme began, on the line of a channel. That which had begun before the line does is marked before it. */
export function markProgrammes(programmes: readonly Programme[], { start, end, endsAt }: Line): readonly Mark[] {
  const placeOf = (at: number) => end - (endsAt - at) / SECOND
  const within = programmes.filter(({ start: from, stop, title }) => title !== '' && placeOf(from) < end && placeOf(stop) > start)
  const marks = new Map(within.map(programme => [programme.start, { start: placeOf(programme.start), title: programme.title }]))
  return [...marks.values()].sort((one, other) => one.start - other.start)
}

/** The address of the small picture of a place; null where there is none. */
export function thumbnailAt(thumbnails: PlaybackView['thumbnails'], seconds: number): string | null {
  if (thumbnails === undefined) return null
  // Each picture shows the key frame nearest to its moment, so the nearest moment counts.
  return thumbnails.url.replace('{n}', String(Math.max(0, Math.round(seconds / thumbnails.everySeconds))))
}
