import type { Film, FilmTrack } from './film'

/** Seconds a segment should last: short enough to begin soon, long enough not to ask all the time. */
export const SEGMENT_SECONDS = 4

/** Where a film is cut: the beginnings of its segments and its end, in seconds. */
export interface Layout {
  /** Beginning of segment n at n, the film's end behind the last. */
  bounds: readonly number[]
  /** `keys`: on the key frames themselves; `grid`: on round times, beginning with the first key frame after each. */
  kind: 'keys' | 'grid'
}

/** Cuts a film at its own key frames; without an index of them, at the first one after each step of a grid. */
export function layOutByKeys({ keyTimes, duration }: Pick<Film, 'keyTimes' | 'duration'>, keyDistance: number): Layout {
  if (keyTimes === null) return layOutByGrid(duration, Math.max(SEGMENT_SECONDS, Math.ceil(keyDistance)))
  const bounds = [Math.min(0, keyTimes[0] ?? 0)]
  for (const time of keyTimes) {
    const last = bounds.at(-1) ?? 0
    // A last bit that is too short stays with the one before it.
    if (time - last >= SEGMENT_SECONDS - 0.3 && duration - time > 0.5) bounds.push(time)
  }
  return { bounds: [...bounds, duration], kind: 'keys' }
}

/** Cuts a film on round times, for what is encoded anew. */
export function layOutByGrid(duration: number, step = SEGMENT_SECONDS): Layout {
  const count = Math.max(1, Math.ceil((duration - 0.5) / step))
  return { bounds: [...Array.from({ length: count }, (_, index) => index * step), duration], kind: 'grid' }
}

export const segmentCount = ({ bounds }: Layout): number => bounds.length - 1

/** The picture that is shown: covers and further angles stay where they are. */
export const pictureOf = ({ tracks }: Pick<Film, 'tracks'>): FilmTrack | null =>
  tracks.find(({ kind }) => kind === 'video') ?? null

/** Longest distance between key frames in seconds, as far as is known. */
export function keyDistanceOf({
  keyTimes,
  keySeconds,
  duration,
}: Pick<Film, 'keyTimes' | 'keySeconds' | 'duration'>): number | null {
  if (keyTimes === null) return keySeconds
  return [...keyTimes, duration].reduce(
    (longest, time, index) => (index === 0 ? 0 : Math.max(longest, time - (keyTimes[index - 1] ?? 0))),
    0,
  )
}
