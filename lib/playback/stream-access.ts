import type { Writable } from 'node:stream'
import type { FileAnswer } from './vod'

/** What a stream address opens. Found by its token, which names a playback session that is checked each time. */
export interface LiveStream {
  /** The playlist, or where it has moved when the source turned out to serve HLS itself. Waits for the first segment. */
  playlist(signal: AbortSignal): Promise<{ text: string } | { location: string }>
  /** A segment's bytes. Throws NOT_FOUND when it has left the window, STREAM_ENDED when nothing is running. */
  segment(sequence: number): Buffer
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

/** How the gateway finds streams. All three throw TOKEN_*, STREAM_ENDED or NO_SOURCE. `hop` is the X-Iptv-Hop header. */
export interface StreamAccess {
  live(token: string, hop?: string): Promise<LiveStream>
  hls(token: string, hop?: string): Promise<HlsStream>
  file(token: string, hop?: string): Promise<FileStream>
}
