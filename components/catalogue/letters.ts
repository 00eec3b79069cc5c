import { changeFilters } from './use-filters'

export const letters: readonly string[] = ['#', ...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

/** Moves a list to a place in the alphabet. */
export function jumpTo(letter: string): void {
  changeFilters({ from: letter === '#' ? '0' : letter.toLowerCase(), sort: 'name' })
  window.scrollTo({ top: 0 })
}

/** The letter that a "from" filter stands for. */
export function letterOf(from: string | undefined): string {
  return from === '0' ? '#' : (from?.toUpperCase() ?? '')
}
