import { AppError } from '@/lib/kernel/errors'
import { sleep } from '@/lib/kernel/time'
import type { TsProgram } from '../ts/scanner'
import type { Relay } from './relay'

/** Milliseconds after which tracks that the tables name and that have not sent anything are taken for absent. */
const TRACKS_MS = 500
const LOOK_MS = 40

/**
 * The program once every sound of it has been heard, or after half a second; at once when there are fewer sounds than `from`.
 * Throws why the relay ended.
 */
export async function waitForTracks(relay: Relay, from: number, signal: AbortSignal): Promise<TsProgram> {
  const deadline = performance.now() + TRACKS_MS
  for (;;) {
    const { program } = relay
    if (program === null) throw relay.endError ?? new AppError('STREAM_ENDED')
    const isWhole = program.audio.length < from || program.audio.every(({ codecString }) => codecString !== null)
    if (isWhole || performance.now() > deadline) return program
    await sleep(LOOK_MS, signal)
  }
}
