import 'server-only'
import { env } from '@/lib/platform/env'
import { derivedKey } from '@/lib/platform/secrets'

/** The one session cookie; `__Host-` wherever the address is https. */
export function sessionCookie() {
  const secure = env().PUBLIC_URL.startsWith('https://')
  return {
    name: secure ? '__Host-watchtheflix' : 'watchtheflix',
    options: { httpOnly: true, sameSite: 'lax' as const, path: '/', secure },
  }
}

export function sessionSecret(): string {
  const key = derivedKey('session')
  if (!key) throw new Error('no secret key')
  return key.key.toString('base64')
}
