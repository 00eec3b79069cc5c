import { AppError } from '@/lib/kernel/errors'
import type { Viewer } from './schema'

export const canAdminister = (viewer: Viewer): boolean => viewer.role === 'admin'

/** May the viewer change something of this owner? Null owns the platform. */
export const canChange = (viewer: Viewer, ownerId: string | null): boolean =>
  ownerId === null ? canAdminister(viewer) : ownerId === viewer.accountId

/** @throws FORBIDDEN */
export function requireAdmin(viewer: Viewer): void {
  if (!canAdminister(viewer)) throw new AppError('FORBIDDEN')
}
