import 'server-only'
import { stopImport } from '@/lib/catalogue'
import { subscribe } from '@/lib/platform/bus'
import { env } from '@/lib/platform/env'
import { reloadKeys } from '@/lib/platform/secrets'
import { rotateSecrets } from '@/lib/providers'

/** The only place where "when X happens, do Y" is written. */
export function subscribeAll(): void {
  subscribe('import.cancel', ({ importId }) => stopImport(importId))
  subscribe('keys.changed', async () => {
    reloadKeys()
    if (env().ROLE !== 'serve') await rotateSecrets()
  })
}
