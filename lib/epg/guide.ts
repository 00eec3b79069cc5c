import 'server-only'
import { setImmediate as turn } from 'node:timers/promises'
import { type FoundChannel, type GuideRef, listOf, listReferredChannels, listTwo, listWindow } from './guide-store'
import type { Programme } from './schema'
import type { WrittenChannel, WrittenProgramme } from './write-xmltv'

/** Channels whose programmes are in memory at a time, while the same number is being fetched behind them. */
const BATCH_CHANNELS = 16
/** The first batches are small, so that the first bytes leave at once. */
const FIRST_CHANNELS = 2

/** A piece of a guide: channels come in the first pieces, programmes in those after. */
export type GuidePiece =
  | { channels: WrittenChannel[]; programmes?: undefined }
  | { programmes: WrittenProgramme[]; channels?: undefined }

export interface GuideWindow {
  /** Only what is on after this; everything stored without. */
  from?: Date | undefined
  to?: Date | undefined
}

export interface GuideOptions extends GuideWindow {
  /** The account whose own guides count, too. */
  account?: string | null
}

/**
 * The guide of all channels that these providers list, in pieces: first the channels, then their programmes, channel by
 * channel and in time. Memory is flat, and no connection of the pool is held between two pieces: a device that reads slowly
 * holds up nobody.
 */
export async function* streamGuide(
  providerIds: readonly number[],
  { from, to, account }: GuideOptions = {},
): AsyncGenerator<GuidePiece> {
  const channels = await listReferredChannels(providerIds, account ?? null)
  yield { channels: channels.map(({ guideId, names, icon }) => ({ id: guideId, names, icon })) }
  const batches = inBatches(channels)
  const fetchNext = (): Promise<WrittenProgramme[]> | null => {
    const { value, done } = batches.next()
    if (done) return null
    const fetched = listWindow(value, from ?? null, to ?? null)
    // Told when it is waited for; the reader may leave before.
    fetched.catch(() => undefined)
    return fetched
  }
  let next = fetchNext()
  while (next !== null) {
    const programmes = await next
    next = fetchNext()
    // The question leaves before the answer to the last one is worked on, so that the database and the reader work side by side.
    await turn()
    if (programmes.length > 0) yield { programmes }
  }
}

function* inBatches(channels: readonly FoundChannel[]): Generator<FoundChannel[]> {
  let size = FIRST_CHANNELS
  for (let at = 0; at < channels.length; at += size, size = Math.min(BATCH_CHANNELS, size * 2)) {
    yield channels.slice(at, at + size)
  }
}

/** What is on at `from` and what follows on one channel, at most `limit`; empty when its provider's guide does not know it. */
export function listProgrammes(ref: GuideRef, options: { from: Date; limit: number }): Promise<Programme[]> {
  return listOf(ref, options.from, options.limit)
}

/** Everything stored of one channel, past and future. */
export function listAllProgrammes(ref: GuideRef): Promise<Programme[]> {
  return listOf(ref, null, null)
}

export interface NowNext {
  now: Programme | null
  next: Programme | null
}

/** What is on and what follows on many channels, in the order asked; both null where the guide says nothing. */
export async function findNowNext(refs: readonly GuideRef[], at = new Date()): Promise<NowNext[]> {
  const found = await listTwo(refs, at)
  return refs.map((_, index) => {
    const [first, second] = found.get(index) ?? []
    const isOn = first !== undefined && first.start <= at
    return { now: isOn ? first : null, next: (isOn ? second : first) ?? null }
  })
}
