import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { AppError } from '@/lib/kernel/errors'
import { publish } from '@/lib/platform/bus'
import { enqueue } from '@/lib/platform/queue'
import { getProviderForWork, guideAddresses, listVisibleProviders, requireChangeableProvider } from '@/lib/providers'
import { guideImportJob } from './import-job'
import type { GuideSourceView } from './schema'
import { askStop, deleteSourceOf, listDueGuides, listSources, markQueued, upsertSource } from './source-store'

/** The guides of the providers a viewer sees, with what is being done about them. */
export async function listGuideSources(viewer: Viewer): Promise<GuideSourceView[]> {
  const providers = await listVisibleProviders(viewer)
  return listSources(providers.map(({ id }) => id))
}

/** Puts the guide of a provider in the queue. @throws NOT_FOUND, FORBIDDEN, GUIDE_RUNNING, NO_SOURCE when it has none */
export async function startGuide(viewer: Viewer, providerId: number): Promise<void> {
  await requireChangeableProvider(viewer, providerId)
  const queued = await queueGuide(providerId)
  if (queued !== null) return
  const [source] = await listSources([providerId])
  throw new AppError(source ? 'GUIDE_RUNNING' : 'NO_SOURCE')
}

/** Stops it; does nothing when it is not running. @throws NOT_FOUND, FORBIDDEN */
export async function cancelGuide(viewer: Viewer, providerId: number): Promise<void> {
  await requireChangeableProvider(viewer, providerId)
  const sourceId = await askStop(providerId)
  if (sourceId !== null) await publish('guide.cancel', { sourceId })
}

/**
 * The same without a viewer, after a provider's import and by the timetable. Returns the source; null when it is in work
 * already, or the provider is gone or has no guide: saying it twice does no harm.
 */
export async function queueGuide(providerId: number): Promise<number | null> {
  const provider = await getProviderForWork(providerId).catch(() => null)
  if (provider === null) return null
  if (guideAddresses(provider).length === 0) {
    await deleteSourceOf(providerId)
    return null
  }
  const sourceId = await upsertSource(providerId)
  if (sourceId === null || !(await markQueued(sourceId))) return null
  await enqueue(guideImportJob, { sourceId })
  return sourceId
}

/** Queues what is due by the timetable of its provider, and what a worker left behind. */
export async function queueDueGuides(): Promise<void> {
  for (const id of await listDueGuides()) await queueGuide(id)
}
