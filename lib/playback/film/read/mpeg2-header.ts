import type { FilmTrack } from '../film'

const rates = [0, 24_000 / 1_001, 24, 25, 30_000 / 1_001, 30, 50, 60_000 / 1_001, 60]

/** Size, rate and shape of an MPEG-1 or MPEG-2 picture from its sequence header. */
export function describeMpeg2(bytes: Buffer): Partial<FilmTrack> {
  const at = bytes.indexOf('\0\0\x01\xb3', 0, 'latin1')
  if (at === -1 || at + 8 > bytes.length) return {}
  const width = bytes.readUInt16BE(at + 4) >> 4
  const height = bytes.readUInt16BE(at + 5) & 0x0fff
  const aspect = (bytes[at + 7] ?? 0) >> 4
  const ratio = [0, 0, 4 / 3, 16 / 9, 2.21][aspect] ?? 0
  return {
    width,
    height,
    displayWidth: ratio > 0 ? Math.round(height * ratio) : width,
    frameRate: rates[(bytes[at + 7] ?? 0) & 15] || null,
  }
}

/** Are its pictures made of half frames? Null when the header does not say. */
export function isMpeg2Interlaced(bytes: Buffer): boolean | null {
  for (let at = bytes.indexOf('\0\0\x01\xb5', 0, 'latin1'); at !== -1; at = bytes.indexOf('\0\0\x01\xb5', at + 4, 'latin1')) {
    // The sequence extension has the number 1 in its first half byte.
    if ((bytes[at + 4] ?? 0) >> 4 === 1) return ((bytes[at + 5] ?? 0) & 0x08) === 0
  }
  return null
}
