/** A hand that scrolls moves at least this often. */
const MOVING_MS = 150

let movedAt = Number.NEGATIVE_INFINITY

export const noteScrolling = (): void => {
  movedAt = performance.now()
}

/** The grid is scrolling at this moment. */
export const isScrolling = (): boolean => performance.now() - movedAt < MOVING_MS
