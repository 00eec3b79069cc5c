import { Readable } from 'node:stream'
import type { FfmpegPlan } from '@/lib/platform/ffmpeg'
import { convertStretch } from '../conversion/converted-source'
import type { HlsMap, HlsSegment } from '../relay/hls-playlist'
import type { SegmentFetcher } from '../relay/hls-segments'

/** The same packets in another box: nothing is decoded. */
const plan: FfmpegPlan = {
  inputs: [
    {
      format: 'mov',
      decoders: [],
      from: 'pipe',
      options: ['-probesize', '1000000', '-analyzeduration', '500000'],
    },
  ],
  outputs: [
    {
      format: 'mpegts',
      to: 'pipe',
      options: [
        ...['-map', '0:v:0?', '-map', '0:a?', '-c', 'copy', '-map_metadata', '-1'],
        ...['-muxdelay', '0', '-muxpreload', '0', '-max_interleave_delta', '500000', '-flush_packets', '1'],
      ],
    },
  ],
}

/** Segments of fMP4 as one transport stream, which is what archives are cut from and apps ask for. */
export async function* remuxFragments(
  segments: AsyncGenerator<HlsSegment>,
  fetcher: SegmentFetcher,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let at = await segments.next()
  /** What one beginning of a file and one clock belong to. */
  async function* run(map: HlsMap | null): AsyncGenerator<Buffer> {
    if (map !== null) yield await fetcher.fetch(map, signal)
    do {
      if (at.done) return
      yield await fetcher.fetch(at.value, signal)
      at = await segments.next()
    } while (!at.done && isSame(at.value.map, map) && !at.value.isDiscontinuous)
  }
  while (!at.done) yield* convertStretch(Readable.from(run(at.value.map), { objectMode: false }), plan, { cores: 0 })
}

const isSame = (one: HlsMap | null, other: HlsMap | null): boolean =>
  one?.url === other?.url && one?.range?.start === other?.range?.start
