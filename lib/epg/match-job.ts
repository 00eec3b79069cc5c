import 'server-only'
import { z } from 'zod'
import { declareJob, enqueue } from '@/lib/platform/queue'
import { matchGuides } from './match-guides'
import { findProviderOwner, findSourceScope } from './scope-store'

/** Whose channels: the platform's, everybody's, or those of an account. */
const Scope = z.union([z.literal('platform'), z.literal('all'), z.uuid()])

export const guideMatchJob = declareJob({
  name: 'epg.match',
  payload: z.object({ scope: Scope }),
  retries: 2,
  timeoutSeconds: 900,
  concurrency: 1,
  key: ({ scope }) => scope,
  run: ({ scope }, signal) => matchGuides(scope === 'all' ? undefined : [scope === 'platform' ? null : scope], signal),
})

/** After an import of a catalogue; does nothing when the provider is gone. */
export async function queueMatchOfProvider(providerId: number): Promise<void> {
  const found = await findProviderOwner(providerId)
  if (found !== null) await enqueue(guideMatchJob, { scope: found.ownerId ?? 'platform' })
}

/** After an import of a guide, and when one was added, changed or removed. A guide of the platform serves everybody. */
export async function queueMatchOfSource(sourceId: number): Promise<void> {
  const found = await findSourceScope(sourceId)
  if (found !== null) await queueMatchOf(found)
}

export async function queueMatchOf({
  ownerId,
  providerId,
}: {
  ownerId: string | null
  providerId: number | null
}): Promise<void> {
  await enqueue(guideMatchJob, { scope: ownerId ?? (providerId === null ? 'all' : 'platform') })
}
