/** Minutes a source that failed stands behind the others. */
const FAILING_MINUTES = 5

/** True while a failure is recent enough to try others first. */
export function isFailing(source: { failedAt: Date | null }, now: Date): boolean {
  return source.failedAt !== null && now.getTime() - source.failedAt.getTime() < FAILING_MINUTES * 60_000
}

/** The order in which sources are tried: the one asked for, then the healthy in their own order, then the failing, longest rested first. */
export function orderSources<S extends { id: number; failedAt: Date | null }>(
  sources: readonly S[],
  choice: { preferredId?: number | undefined; now: Date },
): S[] {
  const rank = (source: S) => (source.id === choice.preferredId ? 0 : isFailing(source, choice.now) ? 2 : 1)
  return sources
    .map((source, index) => ({ source, index }))
    .sort((a, b) => {
      const byRank = rank(a.source) - rank(b.source)
      if (byRank !== 0) return byRank
      const byRest = rank(a.source) === 2 ? (a.source.failedAt?.getTime() ?? 0) - (b.source.failedAt?.getTime() ?? 0) : 0
      return byRest || a.index - b.index
    })
    .map(({ source }) => source)
}
