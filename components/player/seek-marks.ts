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

interface Window {
  start: number
  end: number
  /** Milliseconds since 1970. */
  at: number
}

/** Where what is on began, on the line of a channel whose end is now. */
export function markProgramme(
  now: { start: string; title: string } | null | undefined,
  { start, end, at }: Window,
): readonly Mark[] {
  if (!now) return none
  const began = end - (at - Date.parse(now.start)) / SECOND
  return began > start && began < end ? [{ start: began, title: now.title }] : none
}

/** The address of the small picture of a place; null where there is none. */
export function thumbnailAt(thumbnails: PlaybackView['thumbnails'], seconds: number): string | null {
  if (thumbnails === undefined) return null
  // Each picture shows the key frame nearest to its moment, so the nearest moment counts.
  return thumbnails.url.replace('{n}', String(Math.max(0, Math.round(seconds / thumbnails.everySeconds))))
}
