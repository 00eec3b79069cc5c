import { type Rung, rungsFor, topHeight } from './conversion/ladder'
import type { VideoFacts } from './facts'

/** Pixels that one core encodes in a second (x264 veryfast beside decoding), measured by `npm run bench -- convert`. */
const PIXELS_PER_CORE = 70e6
/** Decoding and deinterlacing, as a part of the pixels that come in. */
const DECODING = 0.25
/** Making SDR of HDR, as a part of the pixels of the largest quality: FFmpeg's filters take 83e6 of them a second and core. */
const TONE_MAPPING = 0.85
const AUDIO_CORES = 0.04

const assumed = { width: 1920, height: 1080, frameRate: 25 }

/** Broken files claim sizes of nothing and less: what they would cost by that is no number to count with. */
const sane = (value: number | null | undefined) => (value != null && Number.isFinite(value) && value > 0 ? value : null)

/** What is made: one quality, or those below it besides. */
export interface Made {
  /** No picture higher than this. */
  maxHeight?: number | null
  /** The qualities that the administrator set; the usual ones if not told. */
  qualities?: readonly Rung[]
}

/** Nominal cores a conversion takes: by what the source says it is, never by what it needs at the moment (it may grow any time). */
export function conversionCost(
  video: VideoFacts | null,
  mode: 'audio' | 'transcode' | 'ladder',
  { maxHeight = null, qualities }: Made = {},
): number {
  if (mode === 'audio') return AUDIO_CORES
  const width = sane(video?.width) ?? assumed.width
  const height = sane(video?.height) ?? assumed.height
  const frameRate = sane(video?.frameRate) ?? assumed.frameRate
  const pixels = (lines: number) => lines * ((width / height) * lines) * frameRate
  const rungs = rungsFor(mode, topHeight({ height }, maxHeight), qualities)
  const encoded = rungs.reduce((sum, rung) => sum + pixels(rung.height), 0)
  const mapped = video?.isHdr === true ? pixels(rungs[0]?.height ?? 0) * TONE_MAPPING : 0
  return AUDIO_CORES + (encoded + mapped + pixels(height) * DECODING) / PIXELS_PER_CORE
}
