import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { coreCapacity, type FfmpegAbilities, ffmpegAbilities, restHardware, runFfmpeg } from '@/lib/platform/ffmpeg'
import { encoderFor, type PictureEncoder } from '../../conversion/encoders'
import type { Rung } from '../../conversion/ladder'
import { conversionCost } from '../../conversion-cost'
import { isToneMapped, toneMap, toneMappedColours } from '../../tone-mapping'
import type { FilmPacket, FilmTrack } from '../film'
import { shapeOf } from '../read/picture-shape'
import { convert, SHIFT } from './convert'
import { levelFor, peakKilobits, sizeFor } from './encode-settings'
import type { Stretch } from './encode-sound'
import { writeSegment } from './fmp4'
import { withSets } from './in-band'
import { readEncoded } from './read-encoded'

/** Pictures before the moment that a deinterlacer wants to have seen, in seconds. */
const BEFORE = 0.2
/** Pictures may be stored so much earlier than they are shown. */
const REORDER = 1

/** The track as others describe it once it is encoded. */
export function encodedPicture(track: FilmTrack, height: number, config: Buffer): FilmTrack {
  const size = sizeFor(track, height)
  return { ...track, ...size, displayWidth: size.width, rotation: 0, codec: 'h264', matroska: { id: 'V_MPEG4/ISO/AVC', config } }
}

const turns: Record<number, string[]> = { 90: ['transpose=1'], 180: ['hflip', 'vflip'], 270: ['transpose=2'] }

/** Filters that set a picture upright. */
export const turnsOf = ({ rotation }: FilmTrack): readonly string[] => turns[rotation] ?? []

const coloursOf = (track: FilmTrack, abilities: FfmpegAbilities): readonly string[] =>
  isToneMapped(track, abilities) ? toneMappedColours : []

function encoderOptions(track: FilmTrack, rung: Rung, { encode }: PictureEncoder): string[] {
  const level = ['-level:v', String(levelFor(track, rung) / 10)]
  return [
    ...encode,
    // Software aims at a look; a card is given a rate, and chooses the level itself.
    ...(encode.includes('-crf') ? level : ['-b:v', `${Math.round(rung.kilobits * 0.85)}k`]),
    ...['-maxrate', `${rung.kilobits}k`, '-bufsize', `${peakKilobits(rung)}k`],
    // The container names no colours, so the stream must not contradict what players assume.
    ...['-fps_mode', 'passthrough', '-enc_time_base', '1:90000'],
  ]
}

function filters(
  track: FilmTrack,
  height: number,
  { from, to, abilities, encoder }: { from: number; to: number; abilities: FfmpegAbilities; encoder: PictureEncoder },
): string {
  const { interlaced } = shapeOf(track)
  const mayBeInterlaced = interlaced ?? ['mpeg2video', 'vc1', 'mpeg4'].includes(track.codec)
  const deinterlacer = abilities.filters.has('bwdif') ? 'bwdif' : 'yadif'
  const size = sizeFor(track, height)
  return [
    ...(mayBeInterlaced ? [`${deinterlacer}=mode=send_frame:deint=interlaced`] : []),
    `trim=start=${from.toFixed(3)}:end=${to.toFixed(3)}`,
    ...turnsOf(track),
    `scale=${size.width}:${size.height}`,
    ...(isToneMapped(track, abilities) ? [toneMap] : []),
    'setsar=1',
    `format=${encoder.pixels}${encoder.upload}`,
  ].join(',')
}

interface Picture extends Stretch {
  rung: Rung
  abilities: FfmpegAbilities
  /** Do its key frames carry how they are to be decoded? A card and software differ in that. */
  isInBand: boolean
}

/** What says that FFmpeg failed, and not the provider. */
const ownFailures: ReadonlySet<unknown> = new Set(['TRANSCODE_FAILED', 'TRANSCODE_LIMIT'])

/**
 * Encodes the pictures of some segments to H.264, each beginning with a key frame on its bound. What the card fails at software makes,
 * and a card that failed at what software could do is left alone for a while.
 */
export async function encodePicture(picture: Picture): Promise<Buffer[]> {
  const { abilities, isInBand, signal } = picture
  const hardware = isInBand ? abilities.hardware : null
  if (hardware === null) return encodeWith(picture, { ...abilities, hardware })
  try {
    return await encodeWith(picture, abilities)
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof AppError) || !ownFailures.has(error.code)) throw error
    const made = await encodeWith(picture, { ...abilities, hardware: null })
    restHardware(hardware, error)
    return made
  }
}

async function encodeWith(picture: Picture, abilities: FfmpegAbilities): Promise<Buffer[]> {
  const { track, bounds, rung, isInBand, first, film } = picture
  const isLast = (bounds.at(-1) ?? 0) >= film.duration - 1e-3
  const from = first === 0 ? 0 : (bounds[0] ?? 0) + SHIFT
  const to = (bounds.at(-1) ?? 0) + SHIFT + (isLast ? 60 : 0)
  const encoder = encoderFor(abilities, 'film')
  const made = await convert({
    ...picture,
    packets: packetsOf(picture, isLast),
    options: encoder.options,
    output: {
      format: 'matroska',
      options: [
        ...[
          '-map',
          '0:0',
          '-vf',
          filters(track, rung.height, { from, to, abilities, encoder }),
          ...encoderOptions(track, rung, encoder),
        ],
        ...coloursOf(track, abilities),
        ...[
          '-force_key_frames',
          bounds
            .slice(0, -1)
            .map(bound => (bound + SHIFT).toFixed(3))
            .join(','),
        ],
      ],
    },
    cores: Math.min(costOf(track, rung), coreCapacity()),
  })
  const { packets, config } = await readEncoded(made)
  const shape = encodedPicture(track, rung.height, config ?? Buffer.alloc(0))
  return bounds.slice(1).map((end, index) => {
    const begin = index === 0 ? Number.NEGATIVE_INFINITY : (bounds[index] ?? 0)
    const stop = index + 2 === bounds.length ? Number.POSITIVE_INFINITY : end
    const own = packets
      .map(packet => ({ ...(isInBand ? withSets(packet, config) : packet), pts: packet.pts - SHIFT }))
      .filter(({ pts }) => pts >= begin - 5e-4 && pts < stop - 5e-4)
    return writeSegment({ number: first + index, track: shape, packets: own, end })
  })
}

/** As the decision counted it: of the height that is made, not of the one that comes. */
const costOf = (track: FilmTrack, { height }: Rung): number =>
  conversionCost({ ...track, codecString: null, interlaced: null, bitDepth: null, openGroups: null }, 'transcode', {
    maxHeight: height,
  })

async function* packetsOf({ film, bytes, track, bounds, signal }: Stretch, isLast: boolean): AsyncGenerator<FilmPacket> {
  const end = isLast ? Number.POSITIVE_INFINITY : (bounds.at(-1) ?? 0) + REORDER
  let hasKey = false
  for await (const packet of film.read(bytes, Math.max(0, (bounds[0] ?? 0) - BEFORE), new Set([track.id]))) {
    signal.throwIfAborted()
    if (packet.pts > end) return
    hasKey ||= packet.isKey
    if (hasKey) yield packet
  }
}

/** What a decoder has to know before the first segment: the same for all of a quality and kind of light, so a black picture tells it. */
export async function encodedConfig(track: FilmTrack, rung: Rung, signal: AbortSignal): Promise<Buffer> {
  const abilities = await ffmpegAbilities()
  if (abilities === null) throw new AppError('TRANSCODE_FAILED', { message: 'there is no FFmpeg' })
  const size = sizeFor(track, rung.height)
  const options = [
    '-vf',
    'setsar=1,format=yuv420p',
    ...encoderOptions(track, rung, encoderFor({ hardware: null }, 'film')),
    ...coloursOf(track, abilities),
  ]
  const rate = track.frameRate === null ? 25 : Math.round(track.frameRate * 1_000) / 1_000
  const run = runFfmpeg({
    plan: {
      inputs: [
        { format: 'lavfi', decoders: [], from: { lavfi: `color=c=black:s=${size.width}x${size.height}:r=${rate}:d=0.2` } },
      ],
      outputs: [{ format: 'matroska', to: 'pipe', options }],
    },
    limits: { totalMs: 15_000, stallMs: 15_000 },
    cores: 0,
    signal,
  })
  const parts: Buffer[] = []
  run.outputs[0]?.on('data', (part: Buffer) => parts.push(part))
  const whole = new Promise<void>(resolve => run.outputs[0]?.once('close', () => resolve()))
  const end = await run.end
  await whole
  if (end.kind === 'failed') throw end.error
  const { config } = await readEncoded(Buffer.concat(parts))
  if (config === null) throw new AppError('TRANSCODE_FAILED', { message: 'the encoder described nothing' })
  return config
}
