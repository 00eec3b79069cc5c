/** How players call themselves, and what people call them. The first that fits counts. */
const players: readonly [RegExp, string][] = [
  [/tivimate/i, 'TiviMate'],
  [/smarters/i, 'IPTV Smarters'],
  [/kodi|xbmc/i, 'Kodi'],
  [/vlc/i, 'VLC'],
  [/ott.?navigator/i, 'OTT Navigator'],
  [/perfect.?player/i, 'Perfect Player'],
  [/gse|iptvx/i, 'IPTVX'],
  [/mpv/i, 'mpv'],
  [/lavf|ffmpeg/i, 'FFmpeg'],
  [/tizen/i, 'Samsung TV'],
  [/web0s|webos/i, 'LG TV'],
  [/applecoremedia/i, 'Apple player'],
  [/exoplayer|okhttp|dalvik/i, 'Android app'],
]

// Chrome says Safari, and Edge says Chrome: the most particular one comes first.
const browsers: readonly [RegExp, string][] = [
  [/edg/i, 'Edge'],
  [/opr|opera/i, 'Opera'],
  [/firefox|fxios/i, 'Firefox'],
  [/chrom|crios/i, 'Chrome'],
  [/safari/i, 'Safari'],
]

const systems: readonly [RegExp, string][] = [
  [/android/i, 'Android'],
  [/iphone/i, 'iPhone'],
  [/ipad/i, 'iPad'],
  [/windows/i, 'Windows'],
  [/macintosh|mac os/i, 'Mac'],
  [/linux|x11/i, 'Linux'],
]

const find = (list: readonly [RegExp, string][], text: string) => list.find(([pattern]) => pattern.test(text))?.[1]

/** A short name for a User-Agent: "TiviMate", "Firefox on Windows". */
export function sayApp(userAgent: string): string {
  const player = find(players, userAgent)
  if (player) return player
  const browser = /^mozilla\//i.test(userAgent) ? find(browsers, userAgent) : undefined
  if (browser) {
    const system = find(systems, userAgent)
    return system ? `${browser} on ${system}` : browser
  }
  // What calls itself something else is called so, without its version.
  const [name = ''] = userAgent.trim().split(/[/(]/)
  return name.trim().slice(0, 40) || 'An unknown app'
}
