import 'server-only'
import { derivedKey } from '@/lib/platform/secrets'
import { shared } from '@/lib/platform/shared'
import type { Keyring, SigningKey } from './keyring'

const PURPOSE = 'playback'

/** The server's own keys for stream tokens and handles; a rotation keeps the former ones valid while they exist. */
export const playbackKeyring: Keyring = {
  current: () => remember(derivedKey(PURPOSE)) as SigningKey,
  find: id => remember(derivedKey(PURPOSE, id)),
}

/** The same object for the same key, because purposes are derived once per object. */
function remember(found: { kid: string; key: Buffer } | null): SigningKey | null {
  if (found === null) return null
  const known = shared('playback-keys', () => new Map<string, SigningKey>())
  const key = known.get(found.kid)
  if (key?.secret.equals(found.key)) return key
  const made = { id: found.kid, secret: found.key }
  known.set(found.kid, made)
  return made
}
