export interface Point {
  x: number
  y: number
}

export interface Swipe {
  from: Point
  to: Point
  width: number
  height: number
}

/** A finger that moves less than this has only tapped, in px. */
const SLOP = 24
/** The left part of the picture where a swipe changes the channel. */
const EDGE = 0.25
const ZAP_WAY = 80
/** A swipe over this part of the height is the whole volume. */
const VOLUME_WAY = 0.6

const isVertical = ({ from, to }: Swipe) =>
  Math.abs(to.y - from.y) > SLOP && Math.abs(to.y - from.y) > 1.5 * Math.abs(to.x - from.x)

export const isSwipe = ({ from, to }: Swipe): boolean => Math.hypot(to.x - from.x, to.y - from.y) > SLOP

/** How much louder a swipe along the right half makes it, from -1 to 1; null for any other. */
export function readVolume(swipe: Swipe): number | null {
  const { from, to, width, height } = swipe
  if (!isVertical(swipe) || from.x < width / 2) return null
  return Math.max(-1, Math.min(1, (from.y - to.y) / (height * VOLUME_WAY)))
}

/** The channel step of a finished swipe along the left edge; null for any other. */
export function readZap(swipe: Swipe): 1 | -1 | null {
  const { from, to, width } = swipe
  if (!isVertical(swipe) || from.x > width * EDGE || Math.abs(to.y - from.y) < ZAP_WAY) return null
  return to.y < from.y ? 1 : -1
}

/** Two fingers that part fill the screen, two that close show the whole picture; null while it is neither. */
export function readPinch(before: readonly [Point, Point], now: readonly [Point, Point]): 'fill' | 'whole' | null {
  const far = ([one, other]: readonly [Point, Point]) => Math.max(1, Math.hypot(one.x - other.x, one.y - other.y))
  const ratio = far(now) / far(before)
  if (ratio > 1.25) return 'fill'
  return ratio < 0.8 ? 'whole' : null
}
