import 'server-only'
import { PassThrough, pipeline, type Readable } from 'node:stream'
import { AppError } from '@/lib/kernel/errors'
import { doubtHardware, type FfmpegEnd, type FfmpegPlan, type FfmpegRun, runFfmpeg } from '@/lib/platform/ffmpeg'
import type { Relay } from '../relay/relay'
import type { LiveResponse, RelaySource } from '../relay/upstream'
import { waitForTracks } from '../relay/wait-for-tracks'
import type { TsProgram } from '../ts/scanner'

export interface Conversion {
  /** The relay of the channel as it comes; joined or started by this. */
  base(): Relay
  /** Without the card once it has failed at this channel. */
  plan(program: TsProgram, usesCard: boolean): Promise<FfmpegPlan>
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
  #usesCard = true

  constructor(conversion: Conversion) {
    this.#conversion = conversion
  }

  async connect(signal: AbortSignal): Promise<LiveResponse> {
    const relay = this.#hold()
    await relay.waitForPicture(signal)
    const program = await waitForTracks(relay, 1, signal)
    const { plan, cores } = this.#conversion
    const onCardFailed = () => {
      this.#usesCard = false
    }
    return feed(start(await plan(program, this.#usesCard), { cores, onCardFailed, signal }), relay)
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

function feed(run: Started, relay: Relay): LiveResponse {
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
  // What FFmpeg still had to say would keep it on the list of those that run: its pipe is not closed before that is read.
  body.once('close', () => output.destroy())
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
export function convertStretch(stretch: Readable, plan: FfmpegPlan, on: { cores: number; onCardFailed?: () => void }): Readable {
  let run: Started
  try {
    run = start(plan, on)
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
    if (end.kind !== 'finished' || failure !== null) body.destroy(failure ?? errorOf(end))
    // FFmpeg is gone, and what it wrote last may still lie in its pipe.
    else if (output.readableEnded) body.end()
    else output.once('end', () => body.end())
  })
  body.once('close', () => {
    stretch.destroy()
    run.stop()
    output.destroy()
  })
  return body
}

type Started = Pick<FfmpegRun, 'inputs' | 'outputs' | 'stop' | 'end'>

/** An FFmpeg that failed on a card is followed by one without: software decides whether the channel was to blame. */
function start(
  plan: FfmpegPlan,
  { onCardFailed, ...request }: { cores: number; onCardFailed?: () => void; signal?: AbortSignal },
): Started {
  const run = runFfmpeg({ plan, limits: { totalMs: null, stallMs: STALL_MS }, ...request })
  const { hardware } = plan
  if (!hardware) return run
  const end = run.end.then((told): FfmpegEnd => {
    if (told.kind !== 'failed') return told
    doubtHardware(hardware, told.error)
    onCardFailed?.()
    // A limit that was met on the card is none for software.
    return { kind: 'failed', error: new AppError('TRANSCODE_FAILED', { cause: told.error }) }
  })
  return { inputs: run.inputs, outputs: run.outputs, stop: grace => run.stop(grace), end }
}

function pipesOf({ inputs: [input], outputs: [output] }: Started) {
  if (input === undefined || output === undefined) throw new AppError('UNEXPECTED', { message: 'a conversion without pipes' })
  return { input, output }
}

/** A stream that goes on has no good end. STREAM_ENDED would be taken for the short clips of panels. */
function errorOf(end: FfmpegEnd): AppError {
  if (end.kind === 'failed') return end.error
  return new AppError('TRANSCODE_FAILED', { message: end.kind === 'stopped' ? 'the source changed' : 'FFmpeg ended' })
}
