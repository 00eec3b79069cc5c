import 'server-only'
import { listOpenLogins } from './login-store'
import { getProviderForWork, type ProviderForWork } from './work'

/** One login of the pool and how many connections it may hold; null = no limit known. */
export interface PoolLogin {
  username: string
  password: string
  max: number | null
}

/** The provider's own login, then the further ones that can be used. */
export async function listPool(provider: ProviderForWork): Promise<PoolLogin[]> {
  const { credentials, account } = provider
  if (credentials.kind !== 'xtream') return []
  const further = (await listOpenLogins(provider.id)).filter(
    ({ account: status, errorCode }) => status?.status === 'active' && errorCode === null,
  )
  const all = [
    { username: credentials.username, password: credentials.password, max: account?.maxConnections ?? null },
    ...further.map(({ username, password, account: status }) => ({ username, password, max: status?.maxConnections ?? null })),
  ]
  // One without a limit carries everything, so it stands in front.
  return all.sort((a, b) => Number(b.max === null) - Number(a.max === null))
}

/** Connections of all together; null as soon as one has no limit. */
export function poolSize(pool: readonly PoolLogin[]): number | null {
  return pool.some(({ max }) => max === null) ? null : pool.reduce((sum, { max }) => sum + (max ?? 0), 0)
}

/** Connections that a provider allows at once; null when there is no known limit. @throws NOT_FOUND, SECRET_UNREADABLE */
export async function getConnectionLimit(providerId: number): Promise<number | null> {
  return poolSize(await listPool(await getProviderForWork(providerId))) || null
}

/** Whose connection slot `n` (from 1) is: slots are counted through the logins one after the other. */
export function loginOfSlot(pool: readonly PoolLogin[], n: number): PoolLogin | undefined {
  const unlimited = pool.find(({ max }) => max === null)
  if (unlimited !== undefined) return unlimited
  let last = 0
  for (const login of pool) {
    last += login.max ?? 0
    if (n <= last) return login
  }
  return pool[0]
}
