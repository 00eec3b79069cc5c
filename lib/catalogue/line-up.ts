import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { listHiddenProviders } from '@/lib/profiles'
import { listVisibleProviders, type VisibleProvider } from '@/lib/providers'
import { listBouquetCategories } from './bouquet-store'

/** What one viewer may see: platform providers and the account's own, less those the profile hides. */
export interface LineUp {
  accountId: string
  profileId: string
  providers: ReadonlyMap<number, VisibleProvider>
  ids: number[]
  /** Owners whose items can be in it: null = platform, else the account. */
  owners: (string | null)[]
  /** The viewer has providers, hidden ones included. */
  hasProviders: boolean
  /** Of the platform's content only what stands in these categories; null: all of it. */
  categoryIds: number[] | null
  /** The account whose own matches of guides count; null: nobody's, in what several accounts share. */
  guidesOf: string | null
  /** Names the set of what may be seen, without its versions; for caches. */
  key: string
  /** Moves when something of it changes, but for episodes. */
  version: string
  /** Moves when episodes change: they are fetched as series are looked at, too often to make every list anew. */
  episodeVersion: string
}

/** Two small queries; every read begins with it, once. */
export async function getLineUp(viewer: Viewer): Promise<LineUp> {
  const { providerIds = null, bouquetIds = null } = viewer.scope ?? {}
  const [all, hidden, categoryIds] = await Promise.all([
    listVisibleProviders(viewer),
    listHiddenProviders(viewer),
    bouquetIds === null ? null : listBouquetCategories(bouquetIds),
  ])
  const shown = all.filter(({ id }) => !hidden.includes(id) && (providerIds === null || providerIds.includes(id)))
  const owners: (string | null)[] = []
  if (shown.some(({ platform }) => platform)) owners.push(null)
  if (shown.some(({ platform }) => !platform)) owners.push(viewer.accountId)
  return {
    accountId: viewer.accountId,
    profileId: viewer.profileId,
    providers: new Map(shown.map(provider => [provider.id, provider])),
    ids: shown.map(({ id }) => id),
    owners,
    hasProviders: all.length > 0,
    categoryIds,
    guidesOf: viewer.accountId,
    key: `${shown.map(({ id }) => id).join('.')}${categoryIds === null ? '' : `/${[...categoryIds].sort((a, b) => a - b).join('.')}`}`,
    version: shown.map(({ id, version }) => `${id}.${version}`).join(','),
    episodeVersion: shown.map(({ episodeVersion }) => episodeVersion).join(','),
  }
}

/** The same line-up with one provider only; empty when the viewer does not see it. */
export function onlyProvider(lineUp: LineUp, providerId: number): LineUp {
  const provider = lineUp.providers.get(providerId)
  if (!provider) return { ...lineUp, providers: new Map(), ids: [], owners: [] }
  return {
    ...lineUp,
    providers: new Map([[providerId, provider]]),
    ids: [providerId],
    owners: [provider.platform ? null : lineUp.accountId],
  }
}
