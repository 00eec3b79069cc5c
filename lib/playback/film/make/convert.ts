import 'server-only'
import type { Writable } from 'node:stream'
import { AppError } from '@/lib/kernel/errors'
import { sleep } from '@/lib/kernel/time'
import { type FfmpegOutput, type FfmpegRun, runFfmpeg } from '@/lib/platform/ffmpeg'
import type { FilmPacket, FilmTrack } from '../film'
import { decodersOf } from './decoders'
import { writeMatroskaHead, writeMatroskaPacket } from './matroska-write'

/**
 * Added to every time on the way into FFmpeg and taken off behind it, so that nothing before the film's beginning becomes negative:
 * 480 frames of AAC at 48 kHz.
 */
export const SHIFT = 10.24

/** A conversion of a few segments has to be over after this; ms. */
const TOTAL_MS = 90_000
const STALL_MS = 20_000
const MAX_OUTPUT = 256 * 2 ** 20
/** A viewer waits for cores that others use at most this long, in ms. */
const PATIENCE_MS = 12_000

export interface Conversion {
  track: FilmTrack
  packets: AsyncIterable<FilmPacket> | Iterable<FilmPacket>
  output: Pick<FfmpegOutput, 'format' | 'options'>
  /** Options before all others: the card. */
  options?: readonly string[]
  /** Nominal. */
  cores: number
  /** Does a viewer wait for it? Then it waits for cores; otherwise it is not done now, or no longer when somebody needs its cores. */
  isUrgent: () => boolean
  signal: AbortSignal
}

/** Everything FFmpeg makes of these packets. Throws TRANSCODE_* and whatever reading the packets throws. */
export async function convert(conversion: Conversion): Promise<Buffer> {
  const run = await start(conversion)
  const parts: Buffer[] = []
  let size = 0
  run.outputs[0]?.on('data', (part: Buffer) => {
    size += part.length
    if (size > MAX_OUTPUT) run.stop(0)
    else parts.push(part)
  })
  const whole = new Promise<void>(resolve => run.outputs[0]?.once('close', () => resolve()))
  let failure: unknown = null
  const feeding = feed(run, conversion).catch(error => {
    failure = error
    run.stop(0)
  })
  const end = await run.end
  await Promise.all([feeding, whole])
  if (failure !== null) throw failure
  if (end.kind === 'failed') throw end.error
  if (end.kind === 'stopped') {
    conversion.signal.throwIfAborted()
    throw new AppError('TRANSCODE_LIMIT')
  }
  return Buffer.concat(parts)
}

async function start({ track, output, options = [], cores, isUrgent, signal }: Conversion): Promise<FfmpegRun> {
  const began = performance.now()
  for (;;) {
    try {
      return runFfmpeg({
        plan: {
          options: ['-copyts', ...options],
          inputs: [
            {
              format: 'matroska',
              decoders: [...decodersOf(track.codec)],
              from: 'pipe',
              options: ['-probesize', '1000000', '-analyzeduration', '500000'],
            },
          ],
          outputs: [{ ...output, to: 'pipe' }],
        },
        limits: { totalMs: TOTAL_MS, stallMs: STALL_MS },
        cores,
        standsBack: () => !isUrgent(),
        signal,
      })
    } catch (error) {
      const isBusy = error instanceof AppError && error.code === 'TRANSCODE_BUSY'
      if (!isBusy || !isUrgent() || performance.now() - began > PATIENCE_MS) throw error
      await sleep(150, signal)
    }
  }
}

async function feed({ inputs }: FfmpegRun, { track, packets, signal }: Conversion): Promise<void> {
  const [input] = inputs
  if (input === undefined) return
  await write(input, writeMatroskaHead([track]))
  for await (const packet of packets) {
    if (signal.aborted || input.destroyed) return
    if (packet.track === track.id) await write(input, writeMatroskaPacket(packet, 1, SHIFT))
  }
  input.end()
}

/** Waits while the pipe is full; an input that has closed takes no more and needs none. */
async function write(input: Writable, bytes: Buffer): Promise<void> {
  if (input.destroyed || input.write(bytes)) return
  await new Promise<void>(resolve => {
    const wake = () => {
      input.off('drain', wake).off('close', wake)
      resolve()
    }
    input.once('drain', wake).once('close', wake)
  })
}
