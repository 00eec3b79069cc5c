/** kbit/s of encoded sound, stereo. */
export const soundKbit = 160

/** kbit/s of an encoded picture by its lines. */
export function videoKbit(height: number): { usual: number; most: number } {
  const usual = height > 720 ? 5_000 : height > 480 ? 2_800 : height > 360 ? 1_400 : height > 240 ? 800 : 400
  return { usual, most: Math.round(usual * 1.4) }
}
