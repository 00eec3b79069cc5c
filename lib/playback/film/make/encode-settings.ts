import type { Rung } from '../../conversion/ladder'

/** kbit/s of encoded sound, stereo. */
export const soundKbit = 160

/** kbit/s that no second of an encoded picture exceeds by much, and the decoder's buffer in kbit. */
export const peakKilobits = ({ kilobits }: Rung): number => Math.round(kilobits * 1.4)
