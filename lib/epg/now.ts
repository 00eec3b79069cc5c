import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { findGuideChannels, getLineUp, listNow as listShortNow } from '@/lib/catalogue'
import type { NowView } from '@/lib/catalogue/schema'
import { findNowNext } from './guide'

/**
 * Now and next of channels, by item id as text: from the guide, and where that says nothing from the provider's short one.
 * Foreign ids are left out.
 */
export async function listNow(viewer: Viewer, ids: readonly number[]): Promise<Record<string, NowView | null>> {
  const channels = await findGuideChannels(await getLineUp(viewer), ids)
  const found = await findNowNext(
    channels.map(({ id, providerId, guideId, ownChannelId }) => ({
      itemId: id,
      providerId,
      guideId: guideId ?? '',
      ownChannelId,
    })),
  )
  const told: Record<string, NowView | null> = {}
  for (const [at, { id, isSilent }] of channels.entries()) {
    const { now, next } = found[at] ?? { now: null, next: null }
    if (isSilent) told[String(id)] = null
    if (now === null) continue
    told[String(id)] = {
      title: now.title,
      start: now.start.toISOString(),
      end: now.stop.toISOString(),
      next: next === null ? null : { title: next.title, start: next.start.toISOString() },
    }
  }
  const unknown = ids.filter(id => told[String(id)] === undefined)
  return unknown.length === 0 ? told : { ...(await listShortNow(viewer, unknown)), ...told }
}
