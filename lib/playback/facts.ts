import { z } from 'zod'
import type { TsProgram } from './ts/scanner'

/** Of each kind. */
const MOST = 64
const text = z.string().nullable().default(null)
const count = z.number().nullable().default(null)

export const VideoFacts = z.object({
  /** FFmpeg's name: h264, hevc, mpeg2video, mpeg4, av1, vp9, vc1 … */
  codec: z.string(),
  /** RFC 6381 name for MediaSource. */
  codecString: text,
  width: count,
  height: count,
  /** Frames per second. */
  frameRate: count,
  interlaced: z.boolean().nullable().default(null),
  /** Bits per sample; 10 is what H.264 decoders in browsers refuse. */
  bitDepth: count,
  /** By the transfer function: PQ or HLG. Null where nothing is said of it. */
  isHdr: z.boolean().nullable().default(null),
  /** Of H.264: are there key frames that pictures behind them look beyond? Browsers begin at none of those. */
  openGroups: z.boolean().nullable().default(null),
})
export type VideoFacts = z.infer<typeof VideoFacts>

export const AudioFacts = z.object({
  codec: z.string(),
  codecString: text,
  channels: count,
  /** ISO 639-2 as the file says it; null when it says nothing. */
  language: text,
  title: text,
  isDefault: z.boolean().default(false),
})
export type AudioFacts = z.infer<typeof AudioFacts>

export const SubtitleFacts = z.object({
  /** subrip, ass, webvtt, mov_text, dvb_subtitle, dvb_teletext, hdmv_pgs_subtitle, dvd_subtitle; eia_608 and eia_708 in the picture. */
  codec: z.string(),
  language: text,
  title: text,
  isDefault: z.boolean().default(false),
  isForced: z.boolean().default(false),
})
export type SubtitleFacts = z.infer<typeof SubtitleFacts>

const SourceFactsSchema = z.object({
  container: z.enum(['mpegts', 'hls', 'mp4', 'matroska', 'webm', 'avi', 'other']).nullable(),
  video: VideoFacts.nullable(),
  /** In the order in which they lie in the file. */
  audio: z.array(AudioFacts).max(MOST),
  subtitles: z.array(SubtitleFacts).max(MOST).default([]),
  durationSeconds: count,
  /** kbit/s of everything together. */
  bitrate: count,
  /** Longest distance between key frames that was seen, in seconds. */
  keyframeSeconds: count,
  /** Can one jump in the file without reading it all? Null when nobody has looked. */
  hasIndex: z.boolean().nullable().default(null),
  /** How it is known: from the first packets on the way through, or from a probe that looked for everything. */
  seen: z.enum(['wire', 'probe']),
})

/** What is known of a source. Null parts are not known; `audio: []` with `video: null` means that nothing was seen. */
export type SourceFacts = z.infer<typeof SourceFactsSchema>

/** A source of which only the address is known. */
export function unseen(container: SourceFacts['container']): SourceFacts {
  return {
    container,
    video: null,
    audio: [],
    subtitles: [],
    durationSeconds: null,
    bitrate: null,
    keyframeSeconds: null,
    hasIndex: null,
    seen: 'wire',
  }
}

/** What the first packets of a transport stream tell. */
export function factsOf({
  video,
  audio,
  texts,
  captions,
}: Pick<TsProgram, 'video' | 'audio' | 'texts' | 'captions'>): SourceFacts {
  const picture = video && {
    codec: video.codec,
    codecString: video.codecString,
    width: video.width,
    height: video.height,
    frameRate: video.frameRate,
    interlaced: video.interlaced,
    bitDepth: video.bitDepth,
    isHdr: video.isHdr,
    openGroups: video.openGroups ?? null,
  }
  const sound = audio.map(({ codec, codecString, language, channels = null }, index) => ({
    codec,
    codecString,
    channels,
    language,
    title: null,
    isDefault: index === 0,
  }))
  const title = { title: null, isDefault: false, isForced: false }
  const subtitles = [
    ...texts.map(({ codec, language }) => ({ ...title, codec, language })),
    ...(captions === null ? [] : [{ ...title, codec: `eia_${captions}`, language: null }]),
  ]
  return { ...unseen('mpegts'), video: picture, audio: sound.slice(0, MOST), subtitles: subtitles.slice(0, MOST) }
}

export const areTracksKnown = ({ video, audio }: Pick<SourceFacts, 'video' | 'audio'>): boolean =>
  video !== null || audio.length > 0

/** What was last seen of a source; null when nothing usable is stored. */
export function parseFacts(stored: unknown): SourceFacts | null {
  return SourceFactsSchema.nullable().catch(null).parse(stored)
}

/** The same sources with the one asked for in front. */
export function preferSource<S extends { id: number }>(sources: readonly S[], preferredId: number | undefined): S[] {
  return [...sources.filter(({ id }) => id === preferredId), ...sources.filter(({ id }) => id !== preferredId)]
}
