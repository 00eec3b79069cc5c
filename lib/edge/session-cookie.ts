import 'server-only'
import { env } from '@/lib/platform/env'
import { derivedKeys } from '@/lib/platform/secrets'

/** The one session cookie; `__Host-` wherever the address is https. */
export function sessionCookie() {
  const secure = env().PUBLIC_URL.startsWith('https://')
  return {
    name: secure ? '__Host-watchtheflix' : 'watchtheflix',
    options: { httpOnly: true, sameSite: 'lax' as const, path: '/', secure },
  }
}

/** Newest first: the first signs, all verify, so that a key rotation signs nobody out. */
export function sessionSecrets(): [string, ...string[]] {
  const [newest, ...older] = derivedKeys('session').map(key => key.toString('base64'))
  if (!newest) throw new Error('no secret key')
  return [newest, ...older]
}
