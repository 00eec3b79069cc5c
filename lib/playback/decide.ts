import type { ItemKind } from '@/lib/kernel/ids'
import type { Capabilities } from './schema'

/** What is known of a source before or after its first bytes. Null means not known yet. */
export interface SourceFacts {
  container: 'mpegts' | 'hls' | 'mp4' | 'matroska' | 'webm' | 'other' | null
  video: string | null
  audio: string | null
}

export interface PlaybackPolicy {
  /** May the browser fetch from the provider itself? Shows it the provider's address and password. */
  allowsDirect: boolean
}

export const decisionCodes = [
  'LIVE_PACKAGED',
  'LIVE_UNKNOWN_CODECS',
  'HLS_FROM_PROVIDER',
  'FILE_AS_IS',
  'FILE_UNKNOWN_CODECS',
  'DIRECT_FROM_PROVIDER',
  'VIDEO_CODEC',
  'AUDIO_CODEC',
  'CONTAINER',
] as const
export type DecisionCode = (typeof decisionCodes)[number]

export interface Decision {
  mode: 'direct' | 'hls-package' | 'hls-proxy' | 'file' | 'unsupported'
  code: DecisionCode
  /** One sentence for whoever asks why it plays this way. */
  message: string
}

export interface DecisionInput {
  kind: Extract<ItemKind, 'channel' | 'movie' | 'episode'>
  source: SourceFacts
  capabilities: Capabilities
  policy: PlaybackPolicy
}

const containerNames: Record<string, string> = { mp4: 'MP4', matroska: 'Matroska (MKV)', webm: 'WebM', mpegts: 'MPEG-TS' }

const codecNames: Record<string, string> = {
  h264: 'H.264',
  hevc: 'HEVC',
  mpeg2video: 'MPEG-2',
  mpeg4: 'MPEG-4 Part 2',
  av1: 'AV1',
  vp9: 'VP9',
  aac: 'AAC',
  'aac-latm': 'AAC (LATM)',
  mp2: 'MPEG layer II',
  mp3: 'MP3',
  ac3: 'Dolby Digital',
  eac3: 'Dolby Digital Plus',
}

/** How this source reaches this browser, and why. */
export function decidePlayback(input: DecisionInput): Decision {
  const { source, capabilities, policy } = input
  const obstacle = findCodecObstacle(source, capabilities)
  if (obstacle !== null) return obstacle
  if (policy.allowsDirect && source.container === 'hls') {
    return { mode: 'direct', code: 'DIRECT_FROM_PROVIDER', message: 'The browser fetches the stream from the provider itself.' }
  }
  if (source.container === 'hls') {
    return { mode: 'hls-proxy', code: 'HLS_FROM_PROVIDER', message: 'The provider sends HLS; we pass its segments on unchanged.' }
  }
  const areCodecsKnown = source.video !== null || source.audio !== null
  if (input.kind === 'channel') return packageLive(areCodecsKnown)
  return playFile(source, capabilities, areCodecsKnown)
}

function packageLive(areCodecsKnown: boolean): Decision {
  return areCodecsKnown
    ? {
        mode: 'hls-package',
        code: 'LIVE_PACKAGED',
        message: 'The browser plays these codecs; we only cut the stream into segments.',
      }
    : {
        mode: 'hls-package',
        code: 'LIVE_UNKNOWN_CODECS',
        message: 'We have not seen this stream yet; we cut it into segments and try.',
      }
}

function playFile(source: SourceFacts, capabilities: Capabilities, areCodecsKnown: boolean): Decision {
  const { container } = source
  const isPlayable =
    container === null || (container !== 'other' && container !== 'hls' && capabilities.containers.includes(container))
  if (!isPlayable) {
    const name = containerNames[container] ?? 'this kind of'
    return { mode: 'unsupported', code: 'CONTAINER', message: `This browser cannot open ${name} files.` }
  }
  return areCodecsKnown
    ? { mode: 'file', code: 'FILE_AS_IS', message: 'The browser plays this file as it is.' }
    : {
        mode: 'file',
        code: 'FILE_UNKNOWN_CODECS',
        message: 'We have not seen inside this file yet; the browser gets it as it is.',
      }
}

function findCodecObstacle(source: SourceFacts, capabilities: Capabilities): Decision | null {
  const { video, audio } = source
  if (video !== null && !capabilities.video.some(codec => codec === video)) {
    return { mode: 'unsupported', code: 'VIDEO_CODEC', message: `This browser cannot show ${nameOf(video)} video.` }
  }
  if (audio !== null && !capabilities.audio.some(codec => codec === audio)) {
    return { mode: 'unsupported', code: 'AUDIO_CODEC', message: `This browser cannot play ${nameOf(audio)} sound.` }
  }
  return null
}

function nameOf(codec: string): string {
  return codecNames[codec] ?? codec
}
