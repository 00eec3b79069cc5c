import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { rememberSecret } from '@/lib/platform/redact'
import { policies, streamBody } from './client'
import { secretsIn } from './parse-address'
import type { ProviderForWork } from './work'
import { headersOf, networksOf } from './xtream'

/**
 * Where a provider's guide may be, the likeliest first: panels below a sub-path have it there or at the root of the host
 * (protocols.md 8.41). Empty for a playlist that names none. Carries credentials: never log, never store in clear.
 */
export function guideAddresses({ credentials }: Pick<ProviderForWork, 'credentials'>): string[] {
  if (credentials.kind === 'm3u') return credentials.guideUrl === null ? [] : [credentials.guideUrl]
  const { base, username, password } = credentials
  const query = new URLSearchParams({ username, password }).toString().replaceAll('+', '%20')
  const origin = URL.canParse(base) ? new URL(base).origin : base
  return [...new Set([base, origin])].map(root => `${root}/xmltv.php?${query}`)
}

/** On whose behalf a guide is read; the id tells its faults from others'. */
export interface GuideReach extends Pick<ProviderForWork, 'ownerId' | 'options'> {
  id: number | string
}

/**
 * The bytes of a guide as they arrive, perhaps packed: headers of this field lie about it, so the reader of the bytes decides.
 * @throws EPG_INVALID when there is none, and the codes of the client
 */
export async function* readGuide(
  { id, ownerId, options }: GuideReach,
  url: string,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  for (const secret of secretsIn(url)) rememberSecret(secret)
  try {
    yield* streamBody({
      url,
      // A panel whose guide is broken still plays: its faults are counted apart from the account's.
      login: `guide of ${id}`,
      known: true,
      policy: policies.guide,
      headers: { ...headersOf(options), 'accept-encoding': 'gzip' },
      privateNetworks: networksOf({ ownerId, options }),
      signal,
      decompress: false,
    })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'PROVIDER_BAD_RESPONSE') throw error
    throw new AppError('EPG_INVALID', { say: 'There is no TV guide at this address.', cause: error })
  }
}
