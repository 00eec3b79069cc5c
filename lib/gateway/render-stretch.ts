/** Length of a piece in minutes: each one is a request to the provider, so not many, and seeking needs some. */
const PIECE_MINUTES = 5

/** A finished playlist of a past stretch. Pieces come from separate requests, so their clocks need not agree. */
export function renderStretch(
  { start, minutes }: { start: Date; minutes: number },
  address: (piece: { epoch: number; minutes: number }) => string,
): string {
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:3',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    `#EXT-X-TARGETDURATION:${PIECE_MINUTES * 60}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
  ]
  for (let at = 0; at < minutes; at += PIECE_MINUTES) {
    const length = Math.min(PIECE_MINUTES, minutes - at)
    if (at > 0) lines.push('#EXT-X-DISCONTINUITY')
    lines.push(`#EXTINF:${length * 60}.0,`, address({ epoch: Math.floor(start.getTime() / 1_000) + at * 60, minutes: length }))
  }
  return `${[...lines, '#EXT-X-ENDLIST'].join('\n')}\n`
}
