import type { Writable } from 'node:stream'
import type { FileAnswer } from './vod'

/** What a stream address opens. Found by its token, which names a playback session that is checked each time. */
export interface LiveStream {
  /** The multivariant playlist, or where it has moved when the source turned out to serve HLS itself. Waits for the codecs. */
  index(signal: AbortSignal): Promise<{ text: string } | { location: string }>
  /** The media playlist, which may announce segments that are still being made. Who knows it already may be told only what is new. */
  media(signal: AbortSignal, isKnown?: boolean): Promise<{ text: string } | { location: string }>
  /** A segment's bytes, waited for when the playlist has announced it; `choice` is one of the index's folders. Throws NOT_FOUND, STREAM_NOT_READY, STREAM_ENDED. */
  segment(sequence: number, signal: AbortSignal, choice?: string): Promise<Buffer>
  /** The subtitles of a segment, as WebVTT on its own clock; `number` counts the channel's subtitles. Throws what `segment` throws. */
  text(sequence: number, number: number, signal: AbortSignal): Promise<string>
  /** Resolves when `raw` would have a picture to begin with. Throws why there is none, before anything has been answered. */
  ready(signal: AbortSignal): Promise<void>
  /** Sends raw transport stream until either side ends. */
  raw(output: Writable): void
}

export interface HlsStream {
  playlist(signal: AbortSignal): Promise<string>
  /** What a handle in one of our playlists stands for. */
  resource(handle: string, request: ResourceRequest): Promise<{ text: string } | FileAnswer>
}

export interface ResourceRequest {
  method: 'GET' | 'HEAD'
  range: string | undefined
  signal: AbortSignal
}

export interface FileStream {
  open(request: ResourceRequest): Promise<FileAnswer>
}

/** A programme of a channel's archive, cut into segments as it is asked for. */
export interface ReplayStream {
  /** The multivariant playlist. Waits for the codecs, so that an archive that does not come is an error here. */
  index(signal: AbortSignal): Promise<string>
  media(): string
  /** Throws NOT_FOUND, STREAM_NOT_READY, ARCHIVE_GAP. */
  segment(number: number, signal: AbortSignal): Promise<Buffer>
}

/** Where a player gets the licence for what it plays. `system` is a name of EME. */
export interface LicenceDesk {
  /** Throws NOT_FOUND, LICENCE_* and the UPSTREAM_* codes. */
  licence(system: string, challenge: Buffer): Promise<Buffer>
  certificate(system: string): Promise<Buffer>
}

/** A film cut into segments. */
export interface FilmStream {
  /** What is behind a name in our playlists, or a thumbnail. Throws NOT_FOUND, TRANSCODE_*, UPSTREAM_* and PROVIDER_*. */
  open(name: string, signal: AbortSignal): Promise<FilmPiece>
}

/** A picture is a JPEG; titles are a PictureTitlePiece. */
export type FilmPiece =
  | { kind: 'playlist' | 'text' | 'titles'; text: string }
  | { kind: 'media'; bytes: Buffer }
  | { kind: 'picture'; bytes: Buffer }

/**
 * How the gateway finds streams. All of them throw TOKEN_*, STREAM_ENDED or NO_SOURCE. `hop` is the X-Iptv-Hop header;
 * `caller` is who asks for a stream of a device line, and may throw LINE_NOT_HERE.
 */
export interface StreamAccess {
  live(token: string, hop?: string, caller?: { address: string; app: string }): Promise<LiveStream>
  hls(token: string, hop?: string, caller?: { address: string; app: string }): Promise<HlsStream>
  file(token: string, hop?: string, caller?: { address: string; app: string }): Promise<FileStream>
  film(token: string, hop?: string, caller?: { address: string; app: string }): Promise<FilmStream>
  catchUp(token: string, hop?: string, caller?: { address: string; app: string }): Promise<ReplayStream>
  licence(token: string): Promise<LicenceDesk>
}
