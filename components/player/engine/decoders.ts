import type { Capabilities, Decoder } from '@/lib/playback/schema'

type Codec = Decoder['codec']

/** A kind of picture, by the names of a level that reaches 1080 lines and one that reaches 2160. */
interface Kind {
  codec: Codec
  bitDepth: Decoder['bitDepth']
  names: readonly [usual: string, large: string]
}

const kinds: readonly Kind[] = [
  { codec: 'h264', bitDepth: 8, names: ['avc1.64002a', 'avc1.640034'] },
  { codec: 'hevc', bitDepth: 8, names: ['hvc1.1.6.L123.90', 'hvc1.1.6.L153.90'] },
  { codec: 'hevc', bitDepth: 10, names: ['hvc1.2.4.L123.90', 'hvc1.2.4.L153.90'] },
  { codec: 'av1', bitDepth: 8, names: ['av01.0.09M.08', 'av01.0.13M.08'] },
  { codec: 'av1', bitDepth: 10, names: ['av01.0.09M.10', 'av01.0.13M.10'] },
  { codec: 'vp9', bitDepth: 8, names: ['vp09.00.41.08', 'vp09.00.51.08'] },
  { codec: 'vp9', bitDepth: 10, names: ['vp09.02.41.10', 'vp09.02.51.10'] },
]

/** Pictures that are asked about, the largest first. */
const sizes = [
  { width: 3840, height: 2160, bitrate: 25_000_000 },
  { width: 1920, height: 1080, bitrate: 8_000_000 },
  { width: 1280, height: 720, bitrate: 5_000_000 },
  { width: 854, height: 480, bitrate: 2_500_000 },
] as const
/** What is decoded at all is worth a try in this size, smooth or not. */
const LEAST = 480
const [USUAL, FAST] = [25, 50]

export type AskDecoder = (video: {
  contentType: string
  width: number
  height: number
  bitrate: number
  framerate: number
}) => Promise<{ supported: boolean; smooth: boolean }>

/** Lines of the largest picture that is shown smoothly at so many frames a second; 0 when none is decoded at all. */
async function largest({ names }: Kind, framerate: number, ask: AskDecoder): Promise<number> {
  let supported = false
  for (const size of sizes) {
    const contentType = `video/mp4; codecs="${names[size.height > 1080 ? 1 : 0]}"`
    const answer = await ask({ ...size, contentType, framerate })
    if (answer.supported && answer.smooth) return size.height
    supported ||= answer.supported
  }
  return supported ? LEAST : 0
}

/**
 * The decoders behind the codecs that a browser names. Null for one that knows none for H.264, although it names it: what it tells cannot
 * be right. Rejects where it does not tell.
 */
export async function listDecoders(video: Capabilities['video'], ask: AskDecoder): Promise<Decoder[] | null> {
  const named = kinds.filter(({ codec }) => video.includes(codec))
  const asked = named.map(async (kind): Promise<Decoder> => {
    const [height, fast] = await Promise.all([largest(kind, USUAL, ask), largest(kind, FAST, ask)])
    // A decoder that knows nothing of fast pictures still shows them, only not all of them.
    return { codec: kind.codec, bitDepth: kind.bitDepth, height, fastHeight: fast === 0 ? Math.min(height, LEAST) : fast }
  })
  const found = (await Promise.all(asked)).filter(({ height }) => height > 0)
  return video.includes('h264') && !found.some(({ codec }) => codec === 'h264') ? null : found
}
