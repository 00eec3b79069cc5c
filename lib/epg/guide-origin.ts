import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { getProviderForWork, guideAddresses, momentsAt, type ProviderClock, readGuide, secretsIn } from '@/lib/providers'
import { ProviderOptions } from '@/lib/providers/schema'
import { openAddress, openFile } from './added-store'
import { type LocalClock, utcClock } from './xmltv-time'

/** The bytes of a guide from the beginning, packed or not. */
export type GuideReader = (signal: AbortSignal) => AsyncIterable<Buffer>

/** Where a guide comes from. For work at hand only: its readers know addresses with credentials. */
export interface GuideOrigin {
  /** The likeliest first. */
  readers: GuideReader[]
  /** Words that nothing stored may carry. */
  secrets: string[]
  /** Of times that name no zone. */
  clock: LocalClock
}

/** @throws NOT_FOUND when the source is gone, SECRET_UNREADABLE */
export async function findOrigin(sourceId: number, providerId: number | null): Promise<GuideOrigin> {
  return providerId === null ? originOfAdded(sourceId) : originOfProvider(providerId)
}

async function originOfProvider(id: number): Promise<GuideOrigin> {
  const provider = await getProviderForWork(id)
  return {
    readers: guideAddresses(provider).map(url => signal => readGuide(provider, url, signal)),
    secrets: provider.secrets,
    clock: provider.account === null ? utcClock : localClock(provider.account),
  }
}

/** A guide has some thousands of times, hundreds of times each, and zones are slow to ask. */
function localClock(clock: ProviderClock): LocalClock {
  const known = new Map<number, readonly number[]>()
  return wall => {
    const found = known.get(wall) ?? momentsAt(wall, clock)
    if (known.size > 20_000) known.clear()
    known.set(wall, found)
    return found
  }
}

async function originOfAdded(id: number): Promise<GuideOrigin> {
  const common = { clock: utcClock }
  const { url, ownerId } = await openAddress(id)
  if (url === null) return { ...common, readers: [() => slices(id)], secrets: [] }
  const reach = { id: `source ${id}`, ownerId, options: ProviderOptions.parse({}) }
  return { ...common, readers: [signal => readGuide(reach, url, signal)], secrets: secretsIn(url) }
}

const SLICE_BYTES = 262_144

async function* slices(id: number): AsyncGenerator<Buffer> {
  const content = await openFile(id)
  if (content.length === 0) throw new AppError('EPG_EMPTY')
  for (let at = 0; at < content.length; at += SLICE_BYTES) yield content.subarray(at, at + SLICE_BYTES)
}
