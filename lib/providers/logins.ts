import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { AppError, errorCodes, isErrorCode, toAppError } from '@/lib/kernel/errors'
import { publish } from '@/lib/platform/bus'
import { checkXtream } from './check'
import { policies } from './client'
import { insertLogin, listOpenLogins, noteLoginStatus, type OpenLogin, removeLoginRow } from './login-store'
import type { LoginSecret, LoginView } from './schema'
import { getChangeable } from './store'
import { getProviderForWork, type ProviderForWork } from './work'
import { signInAt } from './xtream'

/** Further logins of one provider; slots are counted through them. */
const MAX_LOGINS = 20

/** Further logins at the same provider, without their passwords. @throws NOT_FOUND, FORBIDDEN */
export async function listLogins(viewer: Viewer, providerId: number): Promise<LoginView[]> {
  await getChangeable(viewer, providerId)
  return (await listOpenLogins(providerId)).map(toView)
}

/** Signs in first. More streams at a time, the same catalogue. @throws the codes of check.ts, CONFLICT for one that is there already */
export async function addLogin(viewer: Viewer, providerId: number, login: LoginSecret): Promise<LoginView> {
  await getChangeable(viewer, providerId)
  const provider = await getProviderForWork(providerId)
  const { credentials, ownerId, options } = provider
  if (credentials.kind !== 'xtream') throw new AppError('CONFLICT', { say: 'A playlist has no logins.' })
  const others = await listOpenLogins(providerId)
  if (others.length >= MAX_LOGINS || [credentials, ...others].some(({ username }) => username === login.username)) {
    throw new AppError('CONFLICT', { field: 'username', say: 'This source has this login already.' })
  }
  const account = await checkXtream({ base: credentials.base, ...login, ownerId, options, known: false })
  const id = await insertLogin(providerId, login, account)
  await publish('provider.changed', { providerId })
  return toView({ id, ...login, account, errorCode: null })
}

/** @throws NOT_FOUND, FORBIDDEN */
export async function removeLogin(viewer: Viewer, providerId: number, id: number): Promise<void> {
  await getChangeable(viewer, providerId)
  await removeLoginRow(providerId, id)
  await publish('provider.changed', { providerId })
}

/** Asks how each further login is. One that fails is left out of the pool until it is well again. */
export async function refreshLogins(provider: ProviderForWork, signal?: AbortSignal): Promise<void> {
  const { credentials, ownerId, options } = provider
  if (credentials.kind !== 'xtream') return
  for (const { id, username, password } of await listOpenLogins(provider.id)) {
    try {
      const login = { base: credentials.base, username, password, ownerId, options, known: true }
      await noteLoginStatus(id, { account: await signInAt(login, { policy: policies.job, ...(signal ? { signal } : {}) }) })
    } catch (error) {
      signal?.throwIfAborted()
      await noteLoginStatus(id, { errorCode: toAppError(error).code })
    }
  }
}

function toView({ id, username, account, errorCode }: OpenLogin): LoginView {
  const code = errorCode !== null && isErrorCode(errorCode) ? errorCode : null
  return { id, username, account, problem: code === null ? null : { code, message: errorCodes[code].say } }
}
