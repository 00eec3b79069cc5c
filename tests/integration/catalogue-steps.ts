import type { Viewer } from '@/lib/accounts/schema'
import type { ImportView, RefreshInput } from '@/lib/catalogue/schema'
import type { ItemKind } from '@/lib/kernel/ids'
import type { World } from './harness'

/** Adds the login of a scenario as a provider of the viewer. */
export async function addProvider(world: World, viewer: Viewer, login: string, platform = false): Promise<number> {
  const { createProvider } = await import('@/lib/providers')
  const provider = await createProvider(viewer, {
    kind: 'xtream',
    name: login,
    address: world.providerUrl,
    username: login,
    password: 'pass',
    refreshHours: 24,
    platform,
  })
  return provider.id
}

/** A provider row without asking its server: for logins that would be refused. */
export async function plantProvider(world: World, viewer: Viewer, login: string): Promise<number> {
  const { insertProvider } = await import('@/lib/providers/store')
  return insertProvider({
    ownerId: viewer.accountId,
    kind: 'xtream',
    name: login,
    address: world.providerUrl,
    refreshHours: 24,
    options: { privateNetworks: [], autoMerge: false, delivery: 'proxy' },
    credentials: { kind: 'xtream', base: world.providerUrl, username: login, password: 'pass' },
    playlistText: null,
    account: null,
  })
}

/** Puts down a run without the queue and does it here. */
export async function importNow(viewer: Viewer, providerId: number, input: RefreshInput = {}): Promise<ImportView> {
  const { insertRun, listLatest } = await import('@/lib/catalogue/import-store')
  const { planParts } = await import('@/lib/catalogue/import-parts')
  const { runImport } = await import('@/lib/catalogue')
  const { requireChangeableProvider } = await import('@/lib/providers')
  await requireChangeableProvider(viewer, providerId)
  const run = await insertRun(providerId, planParts(input.parts))
  if (!run) throw new Error('a run is alive')
  await runImport(run.id)
  const [after] = await listLatest([providerId])
  if (!after) throw new Error('the run is gone')
  return after
}

export interface SourceRow {
  itemId: number
  sourceId: number
  name: string
  pid: string
  missing: boolean
}

export async function itemsOf(providerId: number, kind: ItemKind): Promise<SourceRow[]> {
  const { pool } = await import('@/lib/platform/db')
  const { rows } = await pool().query<SourceRow>(
    `SELECT i.id AS "itemId", s.id AS "sourceId", i.name, s.provider_item_id AS pid, s.missing_at IS NOT NULL AS missing
     FROM source s JOIN item i ON i.id = s.item_id WHERE s.provider_id = $1 AND s.kind = $2::"ItemKind" ORDER BY s.position, s.id`,
    [providerId, kind],
  )
  return rows
}
