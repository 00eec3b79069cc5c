import { countChannels } from './audio-channels'
import { describeH264 } from './h264-parameters'
import { describeHevc } from './hevc-parameters'
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
  /** By the transfer function: PQ or HLG. Null where nothing is said of it. */
  isHdr: boolean | null
  /** See group-watch. */
  openGroups?: boolean
}

/** What the parameter sets of a video say about it. */
export function describeVideo(codec: VideoCodec, parameterSets: readonly Buffer[]): VideoFacts {
  const unknown: VideoFacts = {
    codec,
    codecString: null,
    width: null,
    height: null,
    frameRate: null,
    interlaced: null,
    bitDepth: null,
    isHdr: null,
  }
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

export interface AudioFacts {
  codec: AudioCodec | 'mp3'
  codecString: string | null
  /** Null and missing: not said. */
  channels?: number | null
}

/** RFC 6381 form of the audio whose first bytes these are; also tells layer II from layer III, which share a stream type. */
export function describeAudio(codec: AudioCodec, head: Buffer): AudioFacts {
  const named = nameAudio(codec, head)
  return { ...named, channels: countChannels(named.codec, head) }
}

function nameAudio(codec: AudioCodec, head: Buffer): Omit<AudioFacts, 'channels'> {
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
