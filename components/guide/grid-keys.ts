import type { KeyboardEvent } from 'react'
import type { Active, Grid } from './use-grid'

export interface GridActions {
  grid: Grid
  count: number
  now: () => number
  /** Details of the cell that has the focus. */
  open: (cell: HTMLElement) => void
  /** Plays the channel of the cell. */
  play: (cell: HTMLElement) => void
  day: (days: number) => void
  prime: () => void
}

/** The moment by which a cell is remembered: its start, or now while it is on. */
function momentOf(cell: HTMLElement, now: number): number {
  const start = Number(cell.dataset.start)
  return start <= now && now < Number(cell.dataset.stop) ? now : start
}

/** Where the cell with the focus is: after scrolling by hand it need not be where the keys last went. */
function placeOf(cell: HTMLElement, { grid: { active }, now }: GridActions): Active {
  const row = Number(cell.closest<HTMLElement>('[data-row]')?.dataset.row)
  const isThere = active.row === row && Number(cell.dataset.start) <= active.time && active.time < Number(cell.dataset.stop)
  return isThere ? active : { row, time: momentOf(cell, now()) }
}

/**
 * The moment of a cell that is entered by a step. What is still on its way is entered from the side one comes from: going left, it
 * turns into programmes of which the last is the next.
 */
function entryOf(cell: HTMLElement, step: 1 | -1, now: number): number {
  return step === -1 && cell.dataset.kind === 'pending' ? Number(cell.dataset.stop) - 1 : momentOf(cell, now)
}

/** The next cell in the row; where it is not drawn yet, the moment at which it begins or ends. */
function moveSideways(cell: HTMLElement, row: number, step: 1 | -1, { grid, now }: GridActions): void {
  const sibling = step === 1 ? cell.nextElementSibling : cell.previousElementSibling
  if (sibling instanceof HTMLElement && sibling.dataset.start !== undefined) {
    grid.move({ row, time: entryOf(sibling, step, now()) }, Number(sibling.dataset.stop))
  } else grid.move({ row, time: step === 1 ? Number(cell.dataset.stop) : Number(cell.dataset.start) - 1 })
}

/** What each key does; false: it is not one of the grid's, and goes on to the page. */
export function pressKey(event: KeyboardEvent, cell: HTMLElement, actions: GridActions): boolean {
  const { grid, count, now } = actions
  const { row, time } = placeOf(cell, actions)
  const to = (next: number) => grid.move({ row: next, time })
  if (event.altKey || event.metaKey) return false
  const withControl = event.ctrlKey
  switch (event.key) {
    case 'ArrowUp':
      // Out of the first row to what stands above the grid.
      if (row === 0) return false
      to(row - 1)
      return true
    case 'ArrowDown':
      if (row < count - 1) to(row + 1)
      return true
    case 'ArrowLeft':
    case 'ArrowRight': {
      const step = event.key === 'ArrowRight' ? 1 : -1
      if (withControl) actions.day(step)
      else moveSideways(cell, row, step, actions)
      return true
    }
    case 'PageUp':
    case 'ChannelUp':
      to(row - grid.page())
      return true
    case 'PageDown':
    case 'ChannelDown':
      to(row + grid.page())
      return true
    case 'Home':
      grid.move({ row: withControl ? 0 : row, time: now() })
      return true
    case 'End':
      if (withControl) to(count - 1)
      return withControl
    case 'Enter':
    case 'Select':
    case 'i':
      actions.open(cell)
      return true
    case ' ':
      actions.play(cell)
      return true
    case 'n':
      grid.move({ row, time: now() })
      return true
    case 'p':
      actions.prime()
      return true
    default:
      return false
  }
}
