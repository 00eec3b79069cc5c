import { BitReader, unescapeNal } from './bit-reader'
import { describeH264 } from './h264-parameters'
import { describeMpeg2 } from './mpeg2-parameters'
import type { AudioCodec, VideoCodec } from './psi'

export interface VideoFacts {
  codec: VideoCodec
  /** RFC 6381 form for MediaSource; null until the parameter sets have been seen. */
  codecString: string | null
  width: number | null
  height: number | null
  /** Pictures a second; null where the parameter sets do not say. */
  frameRate: number | null
  /** May pictures come as half frames? */
  interlaced: boolean | null
  bitDepth: number | null
}

/** What the parameter sets of a video say about it. */
export function describeVideo(codec: VideoCodec, parameterSets: readonly Buffer[]): VideoFacts {
  const nothing = { codecString: null, width: null, height: null, frameRate: null, interlaced: null, bitDepth: null }
  const unknown: VideoFacts = { codec, ...nothing }
  if (codec === 'h264') {
    const sps = parameterSets.find(nal => ((nal[0] ?? 0) & 0x1f) === 7)
    return sps === undefined ? unknown : { codec, ...describeH264(sps) }
  }
  if (codec === 'hevc') {
    const sps = parameterSets.find(nal => (((nal[0] ?? 0) >> 1) & 0x3f) === 33)
    return sps === undefined ? unknown : { codec, ...describeHevc(sps) }
  }
  if (codec === 'mpeg2video') return { ...unknown, ...describeMpeg2(parameterSets) }
  return unknown
}

/** RFC 6381 form of the audio whose first bytes these are; also tells layer II from layer III, which share a stream type. */
export function describeAudio(codec: AudioCodec, head: Buffer): { codec: AudioCodec | 'mp3'; codecString: string | null } {
  switch (codec) {
    case 'aac': {
      const at = head.indexOf(0xff)
      const isAdts = at !== -1 && ((head[at + 1] ?? 0) & 0xf6) === 0xf0 && head.length > at + 2
      return { codec, codecString: isAdts ? `mp4a.40.${((head[at + 2] ?? 0) >> 6) + 1}` : 'mp4a.40.2' }
    }
    case 'aac-latm':
      return { codec, codecString: 'mp4a.40.2' }
    case 'mp2': {
      const layer = ((head[1] ?? 0) >> 1) & 3
      return head[0] === 0xff && layer === 1 ? { codec: 'mp3', codecString: 'mp4a.40.34' } : { codec, codecString: 'mp4a.40.33' }
    }
    case 'ac3':
      return { codec, codecString: 'ac-3' }
    case 'eac3':
      return { codec, codecString: 'ec-3' }
    case 'opus':
      return { codec, codecString: 'opus' }
  }
}

function describeHevc(sps: Buffer): Omit<VideoFacts, 'codec'> {
  const reader = new BitReader(unescapeNal(sps).subarray(2))
  reader.skip(4)
  const subLayers = reader.bits(3)
  reader.skip(1)
  const space = ['', 'A', 'B', 'C'][reader.bits(2)] ?? ''
  const tier = reader.flag() ? 'H' : 'L'
  const profile = reader.bits(5)
  let compatibility = 0
  for (let index = 0; index < 32; index++) compatibility += reader.bits(1) * 2 ** index
  const constraints = Array.from({ length: 6 }, () => reader.bits(8))
  while (constraints.at(-1) === 0) constraints.pop()
  const level = reader.bits(8)
  skipSubLayers(reader, subLayers)
  reader.unsigned()
  const chroma = reader.unsigned()
  if (chroma === 3) reader.skip(1)
  const [codedWidth, codedHeight] = [reader.unsigned(), reader.unsigned()]
  const crop = reader.flag() ? [reader.unsigned(), reader.unsigned(), reader.unsigned(), reader.unsigned()] : []
  const [left = 0, right = 0, top = 0, bottom = 0] = crop
  const width = codedWidth - (left + right) * (chroma === 1 || chroma === 2 ? 2 : 1)
  const height = codedHeight - (top + bottom) * (chroma === 1 ? 2 : 1)
  const bitDepth = 8 + reader.unsigned()
  const tail = constraints.map(byte => `.${byte.toString(16).toUpperCase()}`).join('')
  const codecString = `hvc1.${space}${profile}.${compatibility.toString(16).toUpperCase()}.${tier}${level}${tail}`
  // Half frames are told beside the parameter sets, and nobody broadcasts them.
  return { codecString, width, height, bitDepth, frameRate: null, interlaced: null }
}

function skipSubLayers(reader: BitReader, count: number): void {
  const present = Array.from({ length: count }, () => [reader.flag(), reader.flag()] as const)
  if (count > 0) reader.skip(2 * (8 - count))
  for (const [hasProfile, hasLevel] of present) reader.skip((hasProfile ? 88 : 0) + (hasLevel ? 8 : 0))
}
