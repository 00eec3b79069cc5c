import 'server-only'
import { requireAdmin } from '@/lib/accounts'
import type { Viewer } from '@/lib/accounts/schema'
import { publish } from '@/lib/platform/bus'
import { insertBouquet, listBouquetViews, removeBouquet, replaceBouquet, requirePlatformCategories } from './bouquet-store'
import type { BouquetInput, BouquetView } from './schema'

/** For everybody: what is in them is the platform's, which every account sees. */
export const listBouquets = (): Promise<BouquetView[]> => listBouquetViews()

/** @throws FORBIDDEN, CONFLICT for a name that is taken, NOT_FOUND for a category that is not the platform's */
export async function createBouquet(viewer: Viewer, input: BouquetInput): Promise<BouquetView> {
  requireAdmin(viewer)
  await requirePlatformCategories(input.categoryIds)
  return insertBouquet(input)
}

/** What its lines may see changes at once. @throws FORBIDDEN, CONFLICT, NOT_FOUND */
export async function updateBouquet(viewer: Viewer, id: number, input: BouquetInput): Promise<BouquetView> {
  requireAdmin(viewer)
  await requirePlatformCategories(input.categoryIds)
  const view = await replaceBouquet(id, input)
  await publish('bouquet.changed', { bouquetId: id })
  return view
}

/** @throws FORBIDDEN, NOT_FOUND */
export async function deleteBouquet(viewer: Viewer, id: number): Promise<void> {
  requireAdmin(viewer)
  await removeBouquet(id)
  await publish('bouquet.changed', { bouquetId: id })
}
