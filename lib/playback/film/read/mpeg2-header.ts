/** What the width of an MPEG-1 or MPEG-2 picture is on the screen, by the aspect in its sequence header. */
export function shownWidth(key: Buffer, width: number | null, height: number | null): number | null {
  const at = key.indexOf('\0\0\x01\xb3', 0, 'latin1')
  const ratio = at === -1 ? 0 : ([0, 0, 4 / 3, 16 / 9, 2.21][(key[at + 7] ?? 0) >> 4] ?? 0)
  return ratio > 0 && height !== null ? Math.round(height * ratio) : width
}
