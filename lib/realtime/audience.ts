import type { Viewer } from '@/lib/accounts/schema'
import type { News } from './schema'

/** Whom a piece of news concerns. */
export interface Audience {
  /** Null: every account. */
  accountId: string | null
  profileId?: string
  /** Nobody whose profile hides this provider. */
  providerId?: number
  adminsOnly?: boolean
  /** Not the device that did it. */
  exceptSessionId?: string
}

export type AddressedNews = News & { audience: Audience }

export interface Hearer {
  viewer: Viewer
  hiddenProviders: ReadonlySet<number>
}

/** May this viewer hear of it? */
export function concerns(audience: Audience, { viewer, hiddenProviders }: Hearer): boolean {
  const { accountId, profileId, providerId, adminsOnly, exceptSessionId } = audience
  if (accountId !== null && accountId !== viewer.accountId) return false
  if (profileId !== undefined && profileId !== viewer.profileId) return false
  if (exceptSessionId === viewer.sessionId) return false
  if (adminsOnly && viewer.role !== 'admin') return false
  return providerId === undefined || !hiddenProviders.has(providerId)
}
