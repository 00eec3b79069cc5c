import type { CaptionKind } from '../captions'
import type { FilmBytes } from './read/film-bytes'

export interface FilmTrack {
  /** As the file numbers it. */
  id: number
  kind: 'video' | 'audio' | 'subtitle'
  /** FFmpeg's name; "unknown" for what we have no name for. */
  codec: string
  /** Matroska's name with its private data, which every converter understands. */
  matroska: { id: string; config: Buffer | null }
  language: string | null
  title: string | null
  isDefault: boolean
  isForced: boolean
  /** Subtitles that also tell what is to be heard. */
  isForDeaf: boolean
  width: number | null
  height: number | null
  /** Pixels that are not square: what the width is on the screen for this height. */
  displayWidth: number | null
  /** Clockwise degrees: 0, 90, 180, 270. */
  rotation: number
  frameRate: number | null
  channels: number | null
  sampleRate: number | null
  /** Of the transfer function: is the picture HDR (PQ or HLG)? Null when the file does not say. */
  isHdr: boolean | null
}

export interface FilmPacket {
  track: number
  /** Seconds from the beginning of the film. */
  pts: number
  /** Seconds it is shown; null when the file does not say. */
  duration: number | null
  isKey: boolean
  data: Buffer
}

export interface Chapter {
  startSeconds: number
  title: string
}

/** What is inside a file, and how to find a moment in it. Holds no connection: bytes come from whoever asks. */
export interface Film {
  container: 'mp4' | 'matroska' | 'webm' | 'mpegts' | 'avi'
  /** Seconds. */
  duration: number
  tracks: readonly FilmTrack[]
  chapters: readonly Chapter[]
  /** What its first pictures carry. */
  captions?: CaptionKind | null
  /** Can its picture be begun at its first key frame alone? See read/open-groups. */
  openGroups?: boolean
  /** Moments of the picture's key frames, in seconds; null when the file has no index of them. */
  keyTimes: readonly number[] | null
  /** Without an index: seconds between key frames as far as they were seen; null with one. */
  keySeconds: number | null
  /** May its pictures go out as they are? Not where nothing says when each is shown, nor where a jump would end in one that lacks others. */
  isCopyable: boolean
  /** Packets of these tracks in the order of the file, from the key frame at or before the moment on (in seconds). */
  read(bytes: FilmBytes, from: number, tracks: ReadonlySet<number>): AsyncGenerator<FilmPacket>
}

export const blankTrack = {
  language: null,
  title: null,
  isDefault: false,
  isForced: false,
  isForDeaf: false,
  width: null,
  height: null,
  displayWidth: null,
  rotation: 0,
  frameRate: null,
  channels: null,
  sampleRate: null,
  isHdr: null,
} as const satisfies Partial<FilmTrack>
