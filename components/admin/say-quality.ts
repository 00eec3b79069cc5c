/** "0.42 s", "–". */
export function sayMs(ms: number | null): string {
  if (ms === null) return '–'
  return ms < 10_000 ? `${(ms / 1_000).toFixed(2)} s` : `${Math.round(ms / 1_000)} s`
}

/** "0 %", "0.3 %", "12 %"; a share of 1. */
export function sayShare(share: number): string {
  const percent = share * 100
  if (percent === 0) return '0 %'
  return percent < 10 ? `${Math.max(0.1, percent).toFixed(1)} %` : `${Math.round(percent)} %`
}
