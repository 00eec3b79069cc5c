import type { SegmenterOptions } from '../segmenter'
import type { ReconnectOptions } from './source-rotation'
import type { UpstreamLimits } from './upstream'

export interface RelayOptions extends UpstreamLimits, ReconnectOptions {
  ringBytes: number
  segmentBytes: number
  /** The same as `connectMs` while another source is there to be tried (reliability.md C3). */
  connectWithOthersMs: number
  /** Milliseconds after which an HLS viewer that asks for nothing counts as gone. */
  hlsViewerMs: number
  evictAfterMs: number
  segmenter: Partial<SegmenterOptions>
  /** Number of the first segment. */
  firstSequence: number
}

export const defaultRelayOptions: RelayOptions = {
  connectMs: 10_000,
  connectWithOthersMs: 5_000,
  sniffMs: 5_000,
  stallMs: 8_000,
  minReconnectMs: 3_000,
  // A channel that flaps must get many tries into the time before it is given up.
  maxBackoffMs: 5_000,
  maxRefusedBackoffMs: 20_000,
  healthyAfterMs: 10_000,
  coldRounds: 2,
  outageMs: 80_000,
  ringBytes: 6 * 2 ** 20,
  segmentBytes: 32 * 2 ** 20,
  hlsViewerMs: 15_000,
  // The kernel's queues are looked at every two to three seconds once a reader is in doubt, and the whole must stay below ten
  // (reliability.md C27).
  evictAfterMs: 6_500,
  segmenter: {},
  firstSequence: 0,
}
