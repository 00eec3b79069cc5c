import 'server-only'
import { toAppError } from '@/lib/kernel/errors'
import { rememberSecret } from '@/lib/platform/redact'
import { requireUsable } from './account-status'
import { type CallPolicy, policies } from './client'
import { secretsIn } from './parse-address'
import type { PlaylistOrigin } from './playlist'
import type { AccountStatus, Credentials } from './schema'
import { getRecord, noteStatus, openCredentials, openPlaylist, type ProviderRecord } from './store'
import { signInAt, type XtreamLogin } from './xtream'

/** A provider with its credentials opened. For work at hand only: never store, log or return it. */
export interface ProviderForWork extends ProviderRecord {
  credentials: Credentials
  /** Words that must not be stored in clear anywhere: the values inside the credentials. */
  secrets: string[]
}

/** @throws NOT_FOUND, SECRET_UNREADABLE */
export async function getProviderForWork(id: number): Promise<ProviderForWork> {
  const [record, credentials] = await Promise.all([getRecord(id), openCredentials(id)])
  const secrets =
    credentials.kind === 'xtream'
      ? [credentials.username, credentials.password]
      : [credentials.playlistUrl, credentials.guideUrl].flatMap(url => (url ? secretsIn(url) : []))
  if (credentials.kind === 'xtream') rememberSecret(credentials.password)
  else for (const secret of secrets) rememberSecret(secret)
  return { ...record, credentials, secrets: [...new Set(secrets)] }
}

/** How to sign in; null for a playlist, which has no account. */
export function toLogin({ ownerId, credentials, options, refreshedAt, account }: ProviderForWork): XtreamLogin | null {
  if (credentials.kind !== 'xtream') return null
  const { base, username, password } = credentials
  return { base, username, password, ownerId, options, known: refreshedAt !== null || account !== null }
}

/** Where its playlist comes from; null for an Xtream account. @throws NOT_FOUND, SECRET_UNREADABLE */
export async function toPlaylistOrigin({ id, credentials }: ProviderForWork): Promise<PlaylistOrigin | null> {
  if (credentials.kind !== 'm3u') return null
  return credentials.playlistUrl === null ? { text: await openPlaylist(id) } : { url: credentials.playlistUrl }
}

/**
 * Asks the server how the account is and remembers the answer, or the code of the failure. Null for playlists.
 * @throws the codes of the client, and PROVIDER_EXPIRED, _BANNED, _DISABLED for an account that cannot be used
 */
export async function refreshAccountStatus(
  provider: ProviderForWork,
  how: { policy?: CallPolicy; signal?: AbortSignal } = {},
): Promise<AccountStatus | null> {
  const login = toLogin(provider)
  if (!login) return null
  try {
    const account = await signInAt(login, { policy: policies.job, ...how })
    await noteStatus(provider.id, { account })
    requireUsable(account)
    return account
  } catch (error) {
    if (!how.signal?.aborted) await noteStatus(provider.id, { errorCode: toAppError(error).code })
    throw error
  }
}
