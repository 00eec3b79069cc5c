import 'server-only'
import { db } from '@/lib/platform/db'

/** Who owns a provider. Null when it is gone. */
export const findProviderOwner = (id: number): Promise<{ ownerId: string | null } | null> =>
  db().provider.findUnique({ where: { id }, select: { ownerId: true } })

/** Whom a guide serves. Null when it is gone. */
export const findSourceScope = (id: number): Promise<{ ownerId: string | null; providerId: number | null } | null> =>
  db().guideSource.findUnique({ where: { id }, select: { ownerId: true, providerId: true } })
