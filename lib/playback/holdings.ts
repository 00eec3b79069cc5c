import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { listSources } from '@/lib/catalogue'
import { viewSource } from './say-facts'
import type { PlaybackView } from './schema'

/** What is known to be in each source of an item. @throws NOT_FOUND for what is outside the viewer's line-up */
export async function listHoldings(viewer: Viewer, itemId: number): Promise<PlaybackView['sources']> {
  return (await listSources(viewer, itemId)).map(viewSource)
}
