/** "0.42 s", "–". */
export function sayMs(ms: number | null): string {
  if (ms === null) return '–'
  return ms < 10_000 ? `${(ms / 1_000).toFixed(2)} s` : `${Math.round(ms / 1_000)} s`
}

/** "0.42 s · 1.20 s", or "0.42 s" where both read the same; null where nothing was told. */
export function sayPair(say: (value: number) => string, p50: number | null, p95: number | null): string | null {
  if (p50 === null || p95 === null) return null
  const [middle, worst] = [say(p50), say(p95)]
  return middle === worst ? middle : `${middle} · ${worst}`
}

/** "0 %", "0.3 %", "12 %", "–"; a share of 1. */
export function sayShare(share: number | null): string {
  if (share === null) return '–'
  const percent = share * 100
  if (percent === 0) return '0 %'
  return percent < 10 ? `${Math.max(0.1, percent).toFixed(1)} %` : `${Math.round(percent)} %`
}
