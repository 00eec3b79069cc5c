/** Runs at most `most` works at a time; the others wait their turn, first come first served. */
export function createTurns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async work => {
    // A place that falls free goes straight to whoever waits longest.
    if (running >= most) await new Promise<void>(go => waiting.push(go))
    else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}

/**
 * The same work for news that come in bursts: one at a time, and one more for whatever came meanwhile. Resolves when the work
 * that met the news is over.
 */
export function createRenewal(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null
  let isAsked = false
  return () => {
    isAsked = true
    running ??= (async () => {
      while (isAsked) {
        isAsked = false
        await work()
      }
    })().finally(() => {
      running = null
    })
    return running
  }
}
