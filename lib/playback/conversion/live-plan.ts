import type { FfmpegAbilities, FfmpegPlan } from '@/lib/platform/ffmpeg'
import { isToneMapped, toneMap, toneMappedColours } from '../tone-mapping'
import { listTextLanguages } from '../ts/psi'
import type { TsProgram } from '../ts/scanner'
import { findMap } from '../ts/select-streams'
import { encoderFor, type PictureEncoder } from './encoders'
import { AUDIO_KILOBITS, BUFFER_SECONDS, KEY_SECONDS, type Rung, rungsFor, topHeight } from './ladder'

/** What is to be made of a stream that comes as it is. */
export interface LiveConversion {
  mode: 'audio' | 'transcode' | 'ladder'
  maxHeight: number | null
  /** As the administrator has set them. */
  qualities: readonly Rung[]
}

/** What broadcasts are made of; nothing else in them is opened. */
const decoders = [
  ...['h264', 'hevc', 'mpeg2video', 'mpeg1video', 'mpeg4', 'av1', 'libdav1d', 'libaom-av1'],
  ...['aac', 'aac_latm', 'mp1float', 'mp2', 'mp2float', 'mp3', 'mp3float', 'ac3', 'eac3', 'opus', 'libopus'],
]

/** How a running transport stream is converted into one that browsers play. Pure. */
export function planLiveConversion(
  program: TsProgram,
  conversion: LiveConversion,
  abilities: Pick<FfmpegAbilities, 'filters' | 'hardware'>,
): FfmpegPlan {
  const encoder = encoderFor(abilities)
  const encodes = conversion.mode !== 'audio' && program.video !== null
  const picture = encodes ? encodePicture(program, conversion, { abilities, encoder }) : copyPicture(program)
  return {
    options: encodes ? encoder.options : [],
    hardware: encodes ? abilities.hardware : null,
    inputs: [
      {
        format: 'mpegts',
        decoders,
        from: 'pipe',
        // Nothing is waited for to learn what the tables and the first frame of each track have told already.
        options: [
          ...['-fflags', '+discardcorrupt', '-fpsprobesize', '0'],
          ...['-probesize', '1000000', '-analyzeduration', '500000'],
          // It would tell teletext by the clock of the carrier, which runs some tenths of a second before the picture.
          ...['-fix_teletext_pts', '0'],
        ],
      },
    ],
    outputs: [{ format: 'mpegts', to: 'pipe', options: [...picture, ...sound(program), ...titles(program), ...packing] }],
  }
}

/** Every frame leaves at once, and a stream that pauses holds nobody up for long. */
const packing = [
  ...['-dn', '-map_metadata', '-1', '-muxdelay', '0', '-muxpreload', '0'],
  ...['-pes_payload_size', '0', '-flush_packets', '1', '-pat_period', '0.5'],
]

/** Tracks that the tables name and that never come would hold up all others. */
export const presentAudio = (program: TsProgram) => program.audio.filter(({ codecString }) => codecString !== null)

/** Three letters by the tables' own form; anything else stays away from the command line. */
const isCode = (language: string): boolean => /^[a-z]{3}$/.test(language)

function sound(program: TsProgram): string[] {
  return presentAudio(program).flatMap(({ pid, codec, language }, at) => [
    ...['-map', `0:#${pid}`],
    ...(codec === 'aac'
      ? [`-c:a:${at}`, 'copy']
      : [`-c:a:${at}`, 'aac', `-b:a:${at}`, `${AUDIO_KILOBITS}k`, `-ac:a:${at}`, '2', `-filter:a:${at}`, 'aresample=async=1000']),
    ...(language !== null && isCode(language) ? [`-metadata:s:a:${at}`, `language=${language}`] : []),
  ])
}

/**
 * Teletext and pictures go on as they are; the tables keep what they say of them. Between two of them are seconds, for which nothing
 * else waits.
 */
function titles({ texts, tables }: TsProgram): string[] {
  const pids = [...new Set(texts.map(({ pid }) => pid))]
  if (pids.length === 0) return ['-sn', '-max_interleave_delta', '500000']
  const entries = findMap(tables)?.entries ?? []
  // FFmpeg writes as many pages into its table as there are languages, from the first: also those of pages that are no subtitles.
  const languages = pids.flatMap((pid, at) => {
    const entry = entries.find(each => each.pid === pid)
    const said =
      entry === undefined
        ? texts.filter(text => text.pid === pid).map(({ language }) => language ?? '')
        : listTextLanguages(entry)
    return [`-metadata:s:s:${at}`, `language=${said.map(each => (isCode(each) ? each : 'und')).join(',')}`]
  })
  return [...pids.flatMap(pid => ['-map', `0:#${pid}?`]), '-c:s', 'copy', ...languages, '-max_interleave_delta', '100000']
}

const copyPicture = ({ video }: TsProgram): string[] => (video === null ? [] : ['-map', `0:#${video.pid}`, '-c:v', 'copy'])

/** The qualities that are made of a program, in the order of its pictures; null when it is one. */
export function rungsOf({ mode, maxHeight, qualities }: LiveConversion, { video }: Pick<TsProgram, 'video'>): Rung[] | null {
  return mode === 'ladder' ? rungsFor(mode, topHeight(video, maxHeight), qualities) : null
}

function encodePicture(
  program: TsProgram,
  conversion: LiveConversion,
  { abilities, encoder }: { abilities: Pick<FfmpegAbilities, 'filters'>; encoder: PictureEncoder },
): string[] {
  const { video } = program
  const { mode, maxHeight, qualities } = conversion
  const rungs = rungsFor(mode === 'ladder' ? mode : 'transcode', topHeight(video, maxHeight), qualities)
  const top = rungs[0]?.height ?? 0
  const isMapped = isToneMapped(video, abilities)
  const whole =
    video?.interlaced === false ? [] : [`${abilities.filters.has('bwdif') ? 'bwdif' : 'yadif'}=mode=send_frame:deint=interlaced`]
  const names = rungs.map((_, at) => `[p${at}]`)
  const split = rungs.length > 1 ? [`split=${rungs.length}${names.join('')}`] : []
  const mapped = isMapped ? [scaleTo(top), toneMap, `format=${encoder.pixels}`] : []
  const head = [...whole, ...mapped, ...split].join(',')
  const scales = rungs.map(({ height }, at) => {
    const from = rungs.length > 1 ? (names[at] ?? '') : head === '' ? `[0:#${video?.pid}]` : ''
    const scale = isMapped && height === top ? 'null' : scaleTo(height)
    return `${from}${scale},format=${encoder.pixels}${encoder.upload}[v${at}]`
  })
  const start = head === '' ? '' : `[0:#${video?.pid}]${head}${rungs.length > 1 ? ';' : ','}`
  return [
    ...['-filter_complex', `${start}${scales.join(';')}`],
    ...rungs.flatMap((rung, at) => ['-map', `[v${at}]`, ...rateOf(rung, at)]),
    ...encoder.encode,
    ...(isMapped ? toneMappedColours : []),
    ...['-force_key_frames:v', keyTimes],
  ]
}

/**
 * Key frames where segments begin: with the short ones of a cold start at 0, 0.4 and 1 s, then every two. A hair early, as the
 * segmenter cuts.
 */
const keyTimes = `expr:gte(t+0.02,if(lt(n_forced,3),n_forced*(0.3+0.1*n_forced),(n_forced-2)*${KEY_SECONDS}))`

/** Square pixels: not every player stretches those of old broadcasts. */
const scaleTo = (height: number) => `scale=w=trunc(oh*dar/2)*2:h=${height}:flags=bicubic,setsar=1`

function rateOf({ kilobits }: Rung, at: number): string[] {
  return [
    ...[`-b:v:${at}`, `${Math.round(kilobits * 0.85)}k`, `-maxrate:v:${at}`, `${kilobits}k`],
    ...[`-bufsize:v:${at}`, `${Math.round(kilobits * BUFFER_SECONDS)}k`],
  ]
}
