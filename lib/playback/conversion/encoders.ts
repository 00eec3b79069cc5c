import { type FfmpegAbilities, type HardwareKind, hardwareSetUp } from '@/lib/platform/ffmpeg'

/** How H.264 is made here. */
export interface PictureEncoder {
  /** Before the input: the card. */
  options: readonly string[]
  encode: readonly string[]
  /** What the encoder takes, and how it gets there. */
  pixels: string
  upload: string
}

const software: PictureEncoder = {
  options: [],
  // Without frames that look ahead or back a picture leaves as soon as it has come.
  encode: [
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-x264-params', 'sliced-threads=0'],
    ...['-g', '600', '-sc_threshold', '0'],
  ],
  pixels: 'yuv420p',
  upload: '',
}

/** For films: with frames that look ahead, and as good as the rate allows. */
const softwareForFilms: PictureEncoder = {
  ...software,
  encode: [
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high', '-bf', '2', '-crf', '22'],
    ...['-g', '600', '-sc_threshold', '0'],
  ],
}

const cards: Record<HardwareKind, readonly string[]> = {
  nvenc: ['-c:v', 'h264_nvenc', '-preset', 'p4', '-tune', 'ull', '-bf', '0', '-g', '600', '-forced-idr', '1'],
  vaapi: ['-c:v', 'h264_vaapi', '-bf', '0', '-g', '600', '-idr_interval', '0'],
  qsv: ['-c:v', 'h264_qsv', '-preset', 'veryfast', '-bf', '0', '-g', '600', '-forced_idr', '1'],
}

/** The card's encoder where one works, x264 otherwise. */
export function encoderFor({ hardware }: Pick<FfmpegAbilities, 'hardware'>, use: 'live' | 'film' = 'live'): PictureEncoder {
  if (hardware === null) return use === 'film' ? softwareForFilms : software
  const { options, filter } = hardwareSetUp(hardware.kind, hardware.device)
  return { options, encode: cards[hardware.kind], pixels: 'nv12', upload: filter }
}
