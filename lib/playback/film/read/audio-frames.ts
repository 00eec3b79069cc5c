export interface SoundFrame {
  data: Buffer
  seconds: number
}

export interface SoundShape {
  sampleRate: number
  channels: number
  /** The decoder's configuration, for AAC. */
  config: Buffer | null
}

const aacRates = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350]

/** The frames of AAC with ADTS headers, without these. Whatever is left at the end is the beginning of the next one. */
export function splitAdts(bytes: Buffer): { frames: SoundFrame[]; rest: Buffer; shape: SoundShape | null } {
  const frames: SoundFrame[] = []
  let shape: SoundShape | null = null
  let at = 0
  while (at + 7 <= bytes.length) {
    if (bytes[at] !== 0xff || ((bytes[at + 1] ?? 0) & 0xf6) !== 0xf0) {
      at++
      continue
    }
    const [b1, b2, b3, b4, b5] = [1, 2, 3, 4, 5].map(n => bytes[at + n] ?? 0) as [number, number, number, number, number]
    const length = ((b3 & 3) << 11) | (b4 << 3) | (b5 >> 5)
    const head = b1 & 1 ? 7 : 9
    if (length < head) {
      at++
      continue
    }
    if (at + length > bytes.length) break
    const rateIndex = (b2 >> 2) & 15
    const channels = ((b2 & 1) << 2) | (b3 >> 6)
    const sampleRate = aacRates[rateIndex] ?? 48_000
    const object = (b2 >> 6) + 1
    shape ??= {
      sampleRate,
      channels: channels === 7 ? 8 : channels || 2,
      config: Buffer.from([(object << 3) | (rateIndex >> 1), ((rateIndex & 1) << 7) | (channels << 3)]),
    }
    frames.push({ data: bytes.subarray(at + head, at + length), seconds: 1_024 / sampleRate })
    at += length
  }
  return { frames, rest: bytes.subarray(at), shape }
}

const mpegBitrates: Record<number, number[]> = {
  1: [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  2: [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  3: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  12: [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  13: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
}

/** The frames of MPEG sound, layers II and III. */
export function splitMpegAudio(bytes: Buffer): { frames: SoundFrame[]; rest: Buffer; shape: SoundShape | null } {
  const frames: SoundFrame[] = []
  let shape: SoundShape | null = null
  let at = 0
  while (at + 4 <= bytes.length) {
    const [b0, b1, b2, b3] = [0, 1, 2, 3].map(n => bytes[at + n] ?? 0) as [number, number, number, number]
    const layer = 4 - ((b1 >> 1) & 3)
    const isFirst = ((b1 >> 3) & 3) === 3
    const kbit = mpegBitrates[isFirst ? layer : 10 + layer]?.[b2 >> 4] ?? 0
    const sampleRate = ([44_100, 48_000, 32_000][(b2 >> 2) & 3] ?? 0) / (isFirst ? 1 : ((b1 >> 3) & 3) === 2 ? 2 : 4)
    if (b0 !== 0xff || (b1 & 0xe0) !== 0xe0 || layer === 4 || kbit === 0 || sampleRate === 0) {
      at++
      continue
    }
    const samples = layer === 3 && !isFirst ? 576 : 1_152
    const length = Math.floor(((samples / 8) * kbit * 1_000) / sampleRate) + ((b2 >> 1) & 1)
    if (at + length > bytes.length) break
    shape ??= { sampleRate, channels: b3 >> 6 === 3 ? 1 : 2, config: null }
    frames.push({ data: bytes.subarray(at, at + length), seconds: samples / sampleRate })
    at += length
  }
  return { frames, rest: bytes.subarray(at), shape }
}
