import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { listChannelSources } from '@/lib/catalogue'
import { getConnectionLimit, listVisibleProviders } from '@/lib/providers'
import { listRelays } from './relay/registry'
import type { RoomView } from './schema'
import { countFreeSlots } from './slots'

/** Sources that are being received now: who watches one of them joins, and needs no connection. */
function listReceived(): Set<number> {
  const ids = listRelays().flatMap(({ state, sourceId }) => (state === 'closed' || sourceId === null ? [] : [Number(sourceId)]))
  return new Set(ids)
}

/** How many channels can still be opened, and which of these cannot. Channels outside the line-up are left out. */
export async function viewRoom(viewer: Viewer, itemIds: readonly number[]): Promise<RoomView> {
  const [sources, providers] = await Promise.all([listChannelSources(viewer, itemIds), listVisibleProviders(viewer)])
  const used = new Set(sources.map(({ providerId }) => providerId))
  const rooms = await Promise.all(
    providers
      .filter(({ id }) => used.has(id))
      .map(async ({ id, name }) => {
        const limit = await getConnectionLimit(id)
        return { id, name, limit, free: limit === null ? null : await countFreeSlots(id, limit) }
      }),
  )
  const crowded = new Set(rooms.filter(({ free }) => free === 0).map(({ id }) => id))
  const received = listReceived()
  const open = new Set(
    sources.filter(({ id, providerId }) => received.has(id) || !crowded.has(providerId)).map(one => one.itemId),
  )
  return {
    connections: rooms.flatMap(({ name, limit, free }) =>
      limit === null || free === null ? [] : [{ provider: name, limit, free }],
    ),
    full: [...new Set(sources.map(({ itemId }) => itemId))].filter(id => !open.has(id)),
  }
}
