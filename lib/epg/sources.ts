import 'server-only'
import { canChange } from '@/lib/accounts'
import type { Viewer } from '@/lib/accounts/schema'
import { AppError } from '@/lib/kernel/errors'
import { publish } from '@/lib/platform/bus'
import { enqueue } from '@/lib/platform/queue'
import { getProviderForWork, guideAddresses, listVisibleProviders, requireChangeableProvider } from '@/lib/providers'
import { guideImportJob } from './import-job'
import type { GuideSourceView } from './schema'
import { askStop, deleteSourceOf, listDueAdded, listDueGuides, listSources, markQueued, upsertSource } from './source-store'

/** The guides of the providers a viewer sees and those that were added for it, with what is being done about them. */
export async function listGuideSources(viewer: Viewer): Promise<GuideSourceView[]> {
  const providers = await listVisibleProviders(viewer)
  const rows = await listSources(
    providers.map(({ id }) => id),
    viewer.accountId,
  )
  return rows.map(({ ownerId, ...row }) => {
    const mine = canChange(viewer, ownerId)
    // Where a platform's guide comes from is its admins' business.
    return { ...row, address: mine ? row.address : '', platform: ownerId === null, mine }
  })
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
  const sourceId = await askStop({ providerId })
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

/** Puts an added guide in the queue. False when it is in work already or gone. */
export async function queueAdded(sourceId: number): Promise<boolean> {
  if (!(await markQueued(sourceId))) return false
  await enqueue(guideImportJob, { sourceId })
  return true
}

/** Queues what is due by the timetable of its provider or its own, and what a worker left behind. */
export async function queueDueGuides(): Promise<void> {
  for (const id of await listDueGuides()) await queueGuide(id)
  for (const id of await listDueAdded()) await queueAdded(id)
}
