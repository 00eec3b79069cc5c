import 'server-only'
import { stopImport } from '@/lib/catalogue'
import { subscribe } from '@/lib/platform/bus'
import { env } from '@/lib/platform/env'
import { reloadKeys } from '@/lib/platform/secrets'
import { endPlaybacksOf } from '@/lib/playback'
import { rotateSecrets } from '@/lib/providers'

/** The only place where "when X happens, do Y" is written. */
export function subscribeAll(): void {
  subscribe('import.cancel', ({ importId }) => stopImport(importId))
  subscribe('session.revoked', endPlaybacksOf)
  subscribe('account.disabled', endPlaybacksOf)
  subscribe('provider.deleted', endPlaybacksOf)
  subscribe('keys.changed', async () => {
    reloadKeys()
    if (env().ROLE !== 'serve') await rotateSecrets()
  })
}
