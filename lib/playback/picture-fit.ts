import type { VideoFacts } from './facts'
import { nameOfCodec } from './media-names'
import { type Capabilities, type Decoder, HIGHEST_ENCODED, LOWEST_ENCODED } from './schema'

/** From so many pictures a second on, a decoder has to be a fast one. */
const FAST_FROM = 33
/** Coded sizes are whole blocks: 1088 lines are 1080. */
const SLACK = 1.02

/** H.264 as it is made in studios, which decoders for viewers refuse: by its profile, in hexadecimal. */
const studioProfiles: Record<string, string> = { '6e': 'High 10', '7a': 'High 4:2:2', f4: 'High 4:4:4', '2c': 'High 4:4:4' }

/** The profile that no browser plays; null for all others. */
function studioProfile({ codec, codecString }: VideoFacts): string | null {
  if (codec === 'h264')
    return studioProfiles[/^avc[13]\.([0-9a-f]{2})/i.exec(codecString ?? '')?.[1]?.toLowerCase() ?? ''] ?? null
  const hevc = codec === 'hevc' ? /^h(?:vc|ev)1\.[ABC]?(\d+)/i.exec(codecString ?? '')?.[1] : undefined
  return Number(hevc ?? 0) > 3 ? 'studio profile' : null
}

/** Can every codec that this browser has be asked about, and which decoder takes this picture? Undefined: it does not tell. */
function decoderFor(video: VideoFacts, { decoders }: Capabilities): Decoder | null | undefined {
  const isTold = video.codec === 'h264' || video.codec === 'hevc' || video.codec === 'av1' || video.codec === 'vp9'
  if (decoders === undefined || !isTold) return undefined
  const depth = video.bitDepth ?? 8
  const able = decoders.filter(({ codec, bitDepth }) => codec === video.codec && bitDepth >= depth)
  return able.toSorted((a, b) => a.bitDepth - b.bitDepth)[0] ?? null
}

/** The name of what this browser cannot show in this picture; null when it can show it. */
export function findUnplayable(video: VideoFacts, capabilities: Capabilities): string | null {
  const name = nameOfCodec(video.codec)
  if (!capabilities.video.some(codec => codec === video.codec)) return name
  const depth = video.bitDepth ?? 8
  const profile = studioProfile(video)
  if (profile !== null) return depth > 8 && !profile.includes('10') ? `${depth}-bit ${name} (${profile})` : `${name} (${profile})`
  const decoder = decoderFor(video, capabilities)
  // Where nothing tells, ten bits are believed of every codec but H.264, whose decoders stop at eight.
  const isTooDeep = decoder === undefined ? depth > (video.codec === 'h264' ? 8 : 10) : decoder === null
  if (!isTooDeep) return null
  return depth > 8 ? `${depth}-bit ${name}` : name
}

/** Lines of the largest picture of this kind that the device shows smoothly; null where it does not tell. */
export function smoothHeight(video: VideoFacts, capabilities: Capabilities): number | null {
  const decoder = decoderFor(video, capabilities)
  if (decoder == null) return null
  return (video.frameRate ?? 25) > FAST_FROM ? decoder.fastHeight : decoder.height
}

export const isHigher = ({ height }: Pick<VideoFacts, 'height'>, lines: number | null): boolean =>
  lines !== null && height !== null && height > lines * SLACK

export interface HeightLimits {
  /** From the data saver, or the viewer otherwise. */
  maxHeight?: number | null | undefined
  /** What the account includes. */
  accountHeight?: number | null | undefined
}

/** The lower of both, and whose it is; null for any height. */
export function lowestLimit({ maxHeight, accountHeight }: HeightLimits): { lines: number; whose: 'viewer' | 'account' } | null {
  if (accountHeight != null && accountHeight <= (maxHeight ?? accountHeight)) return { lines: accountHeight, whose: 'account' }
  return maxHeight == null ? null : { lines: maxHeight, whose: 'viewer' }
}

/** No encoded picture is higher than this: by the limits, and by what the device shows smoothly of H.264. Null: as high as we encode. */
export function encodedLimit(limits: HeightLimits, capabilities: Capabilities | null, frameRate: number | null): number | null {
  const shown = capabilities && smoothHeight(h264(frameRate), capabilities)
  const lines = Math.min(lowestLimit(limits)?.lines ?? HIGHEST_ENCODED, shown ?? HIGHEST_ENCODED)
  // A limit from the highest on is none, and nothing is encoded lower than the lowest, whatever a device says that it can show.
  return lines < HIGHEST_ENCODED ? Math.max(LOWEST_ENCODED, lines) : null
}

const h264 = (frameRate: number | null): VideoFacts => ({
  codec: 'h264',
  codecString: null,
  width: null,
  height: null,
  frameRate,
  interlaced: null,
  bitDepth: 8,
  isHdr: null,
  openGroups: null,
})
