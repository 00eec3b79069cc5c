export type Direction = 'up' | 'down' | 'left' | 'right'

export interface Box {
  left: number
  right: number
  top: number
  bottom: number
}

/** From here on a rank belongs to something that lies that way, but not straight ahead. */
export const NOT_AHEAD = 4_000

function overlap(aStart: number, aEnd: number, bStart: number, bEnd: number): number {
  return Math.min(aEnd, bEnd) - Math.max(aStart, bStart)
}

/** How far `to` lies from `from` in a direction; null when it does not lie there. Smaller is better. */
export function rank(from: Box, to: Box, direction: Direction): number | null {
  const vertical = direction === 'up' || direction === 'down'
  const ahead = {
    up: from.top - to.bottom,
    down: to.top - from.bottom,
    left: from.left - to.right,
    right: to.left - from.right,
  }[direction]
  const nearEdge = {
    up: from.top - to.top,
    down: to.bottom - from.bottom,
    left: from.left - to.left,
    right: to.right - from.right,
  }[direction]
  // Neighbours may overlap a little (a focused card has grown), but must end further along.
  if (nearEdge <= 1 || ahead < -24) return null
  const shared = vertical ? overlap(from.left, from.right, to.left, to.right) : overlap(from.top, from.bottom, to.top, to.bottom)
  const aside = vertical
    ? Math.abs((from.left + from.right) / 2 - (to.left + to.right) / 2)
    : Math.abs((from.top + from.bottom) / 2 - (to.top + to.bottom) / 2)
  const distance = Math.max(0, ahead)
  // Along a row only what shares the row counts; between rows the nearest column wins, overlapping or not.
  if (shared > 0) return distance + (vertical ? aside * 0.3 : aside * 0.1)
  return vertical ? NOT_AHEAD + distance * 2 + aside * 0.6 - shared : null
}
