import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { AppError } from '@/lib/kernel/errors'
import { publish } from '@/lib/platform/bus'
import { enqueue } from '@/lib/platform/queue'
import { listDueProviders, listVisibleProviders, requireChangeableProvider } from '@/lib/providers'
import { importJob } from './import-job'
import { type ListPart, planParts } from './import-parts'
import { askCancel, findLive, insertRun, listAbandoned, listLatest, withoutRecentRun } from './import-store'
import type { ImportView, RefreshInput } from './schema'

/**
 * Puts a refresh of a provider in the queue; `parts` limits it to lists that failed.
 * @throws NOT_FOUND, FORBIDDEN, IMPORT_RUNNING
 */
export async function startImport(viewer: Viewer, providerId: number, input: RefreshInput = {}): Promise<ImportView> {
  await requireChangeableProvider(viewer, providerId)
  const run = await queueImport(providerId, input.parts)
  if (!run) throw new AppError('IMPORT_RUNNING')
  return run
}

/**
 * The same without a viewer, for news from the bus (a provider was added or its login changed) and for the timetable.
 * Null when a refresh is already on its way: saying it twice does no harm.
 */
export async function queueImport(providerId: number, parts?: readonly ListPart[]): Promise<ImportView | null> {
  const run = await insertRun(providerId, planParts(parts))
  if (!run) return null
  await enqueue(importJob, { importId: run.id, providerId })
  return run
}

/** Stops the refresh of a provider; does nothing when none is running. @throws NOT_FOUND, FORBIDDEN */
export async function cancelImport(viewer: Viewer, providerId: number): Promise<ImportView | null> {
  await requireChangeableProvider(viewer, providerId)
  const importId = await askCancel(providerId)
  if (importId !== null) await publish('import.cancel', { importId })
  return findLive(providerId)
}

/** The latest refresh of each provider the viewer sees. */
export async function listImports(viewer: Viewer): Promise<ImportView[]> {
  const providers = await listVisibleProviders(viewer)
  return listLatest(providers.map(({ id }) => id))
}

/** Queues what is due by its own timetable (every 6, 12, 24 or 48 h, with jitter). */
export async function queueDueImports(): Promise<void> {
  const due = await withoutRecentRun(await listDueProviders())
  for (const id of due) await queueImport(id)
}

/** Puts runs back in the queue whose worker died or whose job was lost. */
export async function recoverImports(): Promise<number> {
  const abandoned = await listAbandoned()
  for (const { id, providerId } of abandoned) await enqueue(importJob, { importId: id, providerId })
  return abandoned.length
}
