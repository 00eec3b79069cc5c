'use client'

import { createStoredChoice } from '@/components/shell/stored-choice'

/** Widths of an hour, in sixteenths of a rem. */
const zooms = [120, 180, 240, 360, 480] as const
const FIRST_ZOOM = 2

const zoom = createStoredChoice('wtf.guide.zoom', String(FIRST_ZOOM))
const density = createStoredChoice('wtf.guide.density', 'roomy')
const favourites = createStoredChoice('wtf.guide.favourites', 'first')

export interface Zoom {
  hourWidth: number
  /** Null where there is no further step. */
  closer: (() => void) | null
  wider: (() => void) | null
}

/** How much time is in view; remembered on this device. */
export function useZoom(): Zoom {
  const stored = Number(zoom.useValue())
  const step = zooms[stored] === undefined ? FIRST_ZOOM : stored
  return {
    hourWidth: zooms[step] ?? zooms[FIRST_ZOOM],
    closer: step < zooms.length - 1 ? () => zoom.set(String(step + 1)) : null,
    wider: step > 0 ? () => zoom.set(String(step - 1)) : null,
  }
}

/** Rows of one line or of two. */
export const useTight = (): boolean => density.useValue() === 'tight'
export const chooseTight = (tight: boolean): void => density.set(tight ? 'tight' : 'roomy')

export const useFavouritesFirst = (): boolean => favourites.useValue() === 'first'
export const chooseFavouritesFirst = (first: boolean): void => favourites.set(first ? 'first' : 'mixed')
