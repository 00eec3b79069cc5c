const families: readonly (readonly [RegExp, string])[] = [
  [/Tizen/i, 'Samsung TV'],
  [/Web0S|webOS/i, 'LG TV'],
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser/, 'Samsung Internet'],
  [/Firefox|FxiOS/, 'Firefox'],
  [/Chrome|Chromium|CriOS/, 'Chrome'],
  [/Safari/, 'Safari'],
]

/** The family of a browser, by its User-Agent. */
export function browserFamily(userAgent: string): string {
  return families.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'Other'
}
