import 'server-only'
import { PassThrough, pipeline, type Readable } from 'node:stream'
import { AppError } from '@/lib/kernel/errors'
import { type FfmpegEnd, type FfmpegPlan, type FfmpegRun, restHardware, runFfmpeg } from '@/lib/platform/ffmpeg'
import type { Relay } from '../relay/relay'
import type { LiveResponse, RelaySource } from '../relay/upstream'
import { waitForTracks } from '../relay/wait-for-tracks'
import type { TsProgram } from '../ts/scanner'

export interface Conversion {
  /** The relay of the channel as it comes; joined or started by this. */
  base(): Relay
  plan(program: TsProgram): Promise<FfmpegPlan>
  /** Nominal cores. */
  cores: number
}

/** Milliseconds without output, while there is something to convert, after which FFmpeg is given up. */
const STALL_MS = 8_000

/** A channel as FFmpeg makes it of another relay: a source like any other, which a further relay cuts and shares. */
export class ConvertedSource implements RelaySource {
  readonly id = 'converted'
  readonly #conversion: Conversion
  #held: { relay: Relay; release: () => void } | null = null

  constructor(conversion: Conversion) {
    this.#conversion = conversion
  }

  async connect(signal: AbortSignal): Promise<LiveResponse> {
    const relay = this.#hold()
    await relay.waitForPicture(signal)
    const program = await waitForTracks(relay, 1, signal)
    const { plan, cores } = this.#conversion
    return feed(start(await plan(program), cores, { signal }), relay)
  }

  /** The channel is not wanted any more. Between two FFmpegs it goes on. */
  release(): void {
    this.#held?.release()
    this.#held = null
  }

  #hold(): Relay {
    const relay = this.#conversion.base()
    if (this.#held?.relay !== relay) {
      this.release()
      this.#held = { relay, release: relay.hold() }
    }
    return relay
  }
}

function feed(run: FfmpegRun, relay: Relay): LiveResponse {
  const { input, output } = pipesOf(run)
  const body = new PassThrough()
  const stop = () => {
    forget()
    run.stop()
    input.destroy()
  }
  // FFmpeg knows the streams it began with: of other ones it is started anew.
  const forget = relay.watchBreaks(stop)
  body.on('error', () => {})
  output.pipe(body, { end: false })
  void run.end.then(end => {
    forget()
    body.destroy(errorOf(end))
  })
  try {
    relay.addRaw(input)
  } catch (error) {
    stop()
    throw error
  }
  const cancel = () => {
    stop()
    body.destroy()
  }
  return { status: 200, headers: { 'content-type': 'video/mp2t' }, url: 'pipe:', body, cancel }
}

/** A stretch of an archive as FFmpeg makes it, at the speed of its reader. Ends with either side. */
export function convertStretch(stretch: Readable, plan: FfmpegPlan, cores: number): Readable {
  let run: FfmpegRun
  try {
    run = start(plan, cores)
  } catch (error) {
    stretch.destroy()
    throw error
  }
  const { input, output } = pipesOf(run)
  const body = new PassThrough()
  let failure: Error | null = null
  // The error of whichever ends first; a write into an FFmpeg that is gone says nothing of the source.
  stretch.once('error', error => {
    failure = error
  })
  pipeline(stretch, input, () => {})
  output.pipe(body, { end: false })
  void run.end.then(end => {
    if (end.kind === 'finished' && failure === null) body.end()
    else body.destroy(failure ?? errorOf(end))
  })
  body.once('close', () => {
    stretch.destroy()
    run.stop()
  })
  return body
}

/** An FFmpeg that failed on a card is followed by one without. */
function start(plan: FfmpegPlan, cores: number, ending: { signal?: AbortSignal } = {}): FfmpegRun {
  const run = runFfmpeg({ plan, limits: { totalMs: null, stallMs: STALL_MS }, cores, ...ending })
  const { hardware } = plan
  if (hardware) void run.end.then(end => end.kind === 'failed' && restHardware(hardware, end.error))
  return run
}

function pipesOf({ inputs: [input], outputs: [output] }: FfmpegRun) {
  if (input === undefined || output === undefined) throw new AppError('UNEXPECTED', { message: 'a conversion without pipes' })
  return { input, output }
}

/** A stream that goes on has no good end. STREAM_ENDED would be taken for the short clips of panels. */
function errorOf(end: FfmpegEnd): AppError {
  if (end.kind === 'failed') return end.error
  return new AppError('TRANSCODE_FAILED', { message: end.kind === 'stopped' ? 'the source changed' : 'FFmpeg ended' })
}
