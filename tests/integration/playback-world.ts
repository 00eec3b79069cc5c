import type { Viewer } from '@/lib/accounts/schema'

let counter = 0

/** An account with a provider at `origin` of `limit` connections, and one item per list of the provider's stream ids. */
export async function createWorld(
  origin: string,
  limit: number | null,
  streams: { kind?: 'channel' | 'movie'; ids: string[]; container?: string }[],
  username = 'user',
) {
  const { db } = await import('@/lib/platform/db')
  const { insertProvider } = await import('@/lib/providers/store')
  const account = await db().account.create({ data: { email: `viewer${++counter}@example.com`, name: 'Viewer' } })
  const profile = await db().profile.create({ data: { accountId: account.id, name: 'Viewer' } })
  const signIn = await db().session.create({
    data: { accountId: account.id, userAgent: 'test', address: '127.0.0.1', expiresAt: new Date(Date.now() + 3_600_000) },
  })
  const providerId = await insertProvider({
    ownerId: account.id,
    kind: 'xtream',
    name: 'Provider',
    address: origin,
    refreshHours: 24,
    options: { privateNetworks: [], autoMerge: false, delivery: 'proxy' },
    credentials: { kind: 'xtream', base: origin, username, password: 'pass' },
    playlistText: null,
    account: {
      status: 'active',
      expiresAt: null,
      activeConnections: 0,
      maxConnections: limit,
      trial: false,
      clockOffsetMinutes: 0,
      formats: ['ts', 'm3u8'],
    },
  })
  const items: { id: number; sources: number[] }[] = []
  for (const { kind = 'channel', ids, container = 'mp4' } of streams) {
    const item = await db().item.create({ data: { kind, ownerId: account.id, name: 'Item', sortName: 'item', matchKey: 'item' } })
    const sources: number[] = []
    for (const [position, providerItemId] of ids.entries()) {
      const data = {
        itemId: item.id,
        providerId,
        kind,
        providerItemId,
        name: `Source ${providerItemId}`,
        position,
        container: kind === 'movie' ? container : null,
      }
      sources.push((await db().source.create({ data })).id)
    }
    items.push({ id: item.id, sources })
  }
  const viewer: Viewer = { accountId: account.id, profileId: profile.id, sessionId: signIn.id, role: 'viewer' }
  return { viewer, providerId, items, item: (index: number) => items[index] as { id: number; sources: number[] } }
}
