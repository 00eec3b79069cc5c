'use client'

import { createStoredChoice } from './stored-choice'

export type Density = 'rows' | 'tiles'

const density = createStoredChoice('wtf.density', 'rows')
const source = createStoredChoice('wtf.source', '')

export const useDensity = (): Density => (density.useValue() === 'tiles' ? 'tiles' : 'rows')
export const chooseDensity = (value: Density): void => density.set(value)

/** The source chosen in the switcher; null means all. */
export function useRememberedSource(): number | null {
  const id = Number(source.useValue())
  return Number.isInteger(id) && id > 0 ? id : null
}

export const rememberSource = (id: number | null): void => source.set(id === null ? '' : String(id))
