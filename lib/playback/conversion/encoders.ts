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

const cards: Record<HardwareKind, readonly string[]> = {
  nvenc: ['-c:v', 'h264_nvenc', '-preset', 'p4', '-tune', 'ull', '-bf', '0', '-g', '600', '-forced-idr', '1'],
  vaapi: ['-c:v', 'h264_vaapi', '-bf', '0', '-g', '600', '-idr_interval', '0'],
  qsv: ['-c:v', 'h264_qsv', '-preset', 'veryfast', '-bf', '0', '-g', '600', '-forced_idr', '1'],
}

/** The card's encoder where one works, x264 otherwise. */
export function encoderFor({ hardware }: Pick<FfmpegAbilities, 'hardware'>): PictureEncoder {
  if (hardware === null) return software
  const { options, filter } = hardwareSetUp(hardware.kind, hardware.device)
  return { options, encode: cards[hardware.kind], pixels: 'nv12', upload: filter }
}
