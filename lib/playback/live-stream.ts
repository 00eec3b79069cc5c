import type { Writable } from 'node:stream'
import { AppError } from '@/lib/kernel/errors'
import type { Relay } from './relay/relay'
import type { LiveStream } from './stream-access'

/** Longest wait for the first segment in ms: beyond it a player has given up anyway. */
const FIRST_SEGMENT_MS = 20_000

export interface LiveStreamOptions {
  sessionId: string
  /** Joins the running relay or starts one. */
  open(): Relay
  /** The running relay; segments never start one. */
  find(): Relay | null
  /** Why this viewer's player cannot play what the relay carries, when that is known. */
  obstacle?(relay: Relay): AppError | null
  /** Called with each raw output before its first byte. */
  onRaw?(output: Writable): void
  /** Where the playlist of a source that serves HLS itself is found. */
  hlsAddress(sourceId: string): string
}

/** One viewer's way into a relay. */
export function createLiveStream(options: LiveStreamOptions): LiveStream {
  return {
    playlist: signal => readPlaylist(options, signal),
    segment: sequence => {
      const relay = options.find()
      if (relay === null) throw new AppError('STREAM_ENDED')
      relay.touchHls(options.sessionId)
      const segment = relay.hls.find(sequence)
      if (segment === null) throw new AppError('NOT_FOUND')
      return segment.bytes
    },
    raw: output => {
      options.onRaw?.(output)
      options.open().addRaw(output)
    },
  }
}

async function readPlaylist(options: LiveStreamOptions, signal: AbortSignal): Promise<{ text: string } | { location: string }> {
  const relay = options.open()
  relay.touchHls(options.sessionId)
  if (!relay.hls.isReady) {
    const deadline = AbortSignal.timeout(FIRST_SEGMENT_MS)
    try {
      await relay.hls.waitFor(0, AbortSignal.any([signal, deadline]))
    } catch (error) {
      if (relay.playlistSourceId !== null) return { location: options.hlsAddress(relay.playlistSourceId) }
      if (relay.endError !== null) throw relay.endError
      if (deadline.aborted) throw new AppError('STREAM_NOT_READY', { retryAfter: 2 })
      throw error
    }
  }
  const obstacle = options.obstacle?.(relay) ?? null
  if (obstacle === null) return { text: relay.hls.playlist() }
  relay.leaveHls(options.sessionId)
  throw obstacle
}
