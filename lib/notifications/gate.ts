/** Waits until there is a place, and takes it. Returns what gives it back, which may be called twice. */
export type Gate = () => Promise<() => void>

/**
 * Lets a few in at once; the others wait in the order in which they came. A place is free again after `longestMs` in any case:
 * somebody who is slow inside does not keep those outside who are quick.
 */
export function makeGate(places: number, longestMs: number): Gate {
  const waiting: (() => void)[] = []
  let taken = 0
  return async () => {
    if (taken < places) taken += 1
    else await new Promise<void>(enter => waiting.push(enter))
    let isInside = true
    const leave = () => {
      if (!isInside) return
      isInside = false
      clearTimeout(timer)
      const next = waiting.shift()
      if (next) next()
      else taken -= 1
    }
    const timer = setTimeout(leave, longestMs)
    return leave
  }
}
