import 'server-only'
import { PassThrough } from 'node:stream'
import { AppError } from '@/lib/kernel/errors'
import { shared } from '@/lib/platform/shared'
import type { Relay } from './relay/relay'
import type { LiveResponse } from './relay/upstream'

/** A connection to a source, and whose it is. */
interface Reception {
  /** Of the relay. */
  key: string
  relay: Relay
  /** Aborts with the connection. */
  over: AbortController
}

/** By source. */
const receptions = () => shared('receptions', () => new Map<number, Reception>())

/** Is there a connection to this source, which others may read along? */
export const isReceived = (sourceId: number): boolean => receptions().has(sourceId)

export interface Receiving extends Pick<Reception, 'key' | 'relay'> {
  signal: AbortSignal
  /** Told of the relay that may receive it for this one too, before its picture is waited for; null when there is none. */
  onHost(key: string | null): void
  dial(): Promise<LiveResponse>
}

/**
 * Opens a source for a relay, once: relays differ in what their viewers may see, or see first, and a provider counts connections. So the
 * others read along, from the newest key frame on, until the connection is let go of.
 */
export async function receive(sourceId: number, receiving: Receiving): Promise<LiveResponse> {
  for (;;) {
    const other = receptions().get(sourceId)
    const isOwn = other === undefined || other.key === receiving.key
    receiving.onHost(isOwn ? null : other.key)
    if (isOwn) return dialFor(sourceId, receiving)
    const along = await readAlong(other, sourceId, receiving.signal)
    if (along !== null) return along
    // It ends, and has not said so yet.
    if (receptions().get(sourceId) === other) receptions().delete(sourceId)
  }
}

/** Nothing may be waited for before it is noted: two that begin at once would both dial. */
async function dialFor(sourceId: number, { key, relay, signal, dial }: Receiving): Promise<LiveResponse> {
  const reception: Reception = { key, relay, over: new AbortController() }
  const end = () => {
    if (receptions().get(sourceId) === reception) receptions().delete(sourceId)
    reception.over.abort(new AppError('STREAM_ENDED', { message: 'the connection that was read along has ended' }))
  }
  receptions().set(sourceId, reception)
  // Who does not wait for it any longer goes on to another source, also while this one still hangs.
  signal.addEventListener('abort', end, { once: true })
  try {
    const response = await dial()
    const cancel = () => {
      end()
      response.cancel()
    }
    return { ...response, cancel }
  } catch (error) {
    end()
    throw error
  }
}

/** Null when nothing comes of it. Throws the signal's reason. */
async function readAlong({ relay, over }: Reception, sourceId: number, signal: AbortSignal): Promise<LiveResponse | null> {
  try {
    await relay.waitForPicture(AbortSignal.any([signal, over.signal]))
    // It may have changed its source with the same breath.
    over.signal.throwIfAborted()
    if (relay.sourceId !== String(sourceId)) return null
    const body = new PassThrough()
    relay.addRaw(body)
    const onOver = () => body.destroy(over.signal.reason)
    over.signal.addEventListener('abort', onOver, { once: true })
    body.once('close', () => over.signal.removeEventListener('abort', onOver))
    return { status: 200, headers: { 'content-type': 'video/mp2t' }, url: '', body, cancel: () => body.destroy() }
  } catch {
    signal.throwIfAborted()
    return null
  }
}
