import 'server-only'
import { publish } from '@/lib/platform/bus'
import { findUntold, listUntold, markTold } from './told-store'

/** Publishes that a guide has changed, when it has since others followed. */
export async function tellOf(sourceId: number): Promise<void> {
  const untold = await findUntold(sourceId)
  if (untold !== null) await publish('guide.changed', { sourceId, providerId: untold.providerId })
}

/** Guides that changed while whoever should have told of it, or followed, died. */
export async function tellUntold(): Promise<void> {
  for (const { id, providerId } of await listUntold()) await publish('guide.changed', { sourceId: id, providerId })
}

/** Does what follows on a change of a guide. When that fails or is cut short, the change is told again. */
export async function followGuide(sourceId: number, follow: () => Promise<void>): Promise<void> {
  // What changes from here on is told once more.
  const untold = await findUntold(sourceId)
  await follow()
  if (untold !== null) await markTold(sourceId, untold.version)
}
