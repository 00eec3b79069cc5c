import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { log } from '@/lib/platform/log'
import { fetchNow, type ShortProgramme } from '@/lib/providers'
import { getLineUp } from './line-up'
import { listChannelSources } from './now-store'
import type { NowView } from './schema'

/** Now and next of channels, by item id as text; null where the provider tells nothing. Foreign ids are left out. */
export async function listNow(viewer: Viewer, ids: readonly number[]): Promise<Record<string, NowView | null>> {
  const lineUp = await getLineUp(viewer)
  const sources = await listChannelSources(lineUp, ids)
  const providers = [...new Set(sources.map(({ providerId }) => providerId))]
  const answers = await Promise.all(
    providers.map(async providerId => {
      const own = sources.filter(source => source.providerId === providerId)
      const found = await findNow(
        providerId,
        own.map(({ providerItemId }) => providerItemId),
      )
      return own.map(({ itemId, providerItemId }) => [String(itemId), toNow(found.get(providerItemId) ?? null)] as const)
    }),
  )
  return Object.fromEntries(answers.flat())
}

/** A provider that cannot be asked, such as one whose secret no key opens, says nothing; the others' programmes still show. */
async function findNow(providerId: number, ids: readonly string[]): Promise<Map<string, ShortProgramme[] | null>> {
  try {
    return await fetchNow(providerId, ids)
  } catch (error) {
    log().warn({ err: error, provider: providerId }, 'a provider could not be asked what is on now')
    return new Map()
  }
}

export function toNow(programmes: readonly ShortProgramme[] | null, now = Date.now()): NowView | null {
  const index = programmes?.findIndex(({ start, end }) => start.getTime() <= now && end.getTime() > now) ?? -1
  const running = programmes?.[index]
  if (!running) return null
  const next = programmes?.[index + 1]
  return {
    title: running.title,
    start: running.start.toISOString(),
    end: running.end.toISOString(),
    next: next ? { title: next.title, start: next.start.toISOString() } : null,
  }
}
