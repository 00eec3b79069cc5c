import 'server-only'
import { createHmac } from 'node:crypto'
import { AppError } from '@/lib/kernel/errors'
import type { ItemKind } from '@/lib/kernel/ids'
import { rememberSecret } from '@/lib/platform/redact'
import { open, seal } from '@/lib/platform/secrets'
import { secretsIn } from './parse-address'
import type { CatchUpRule } from './playlist-catch-up'
import type { PlaylistKeys } from './playlist-keys'
import { listPool, loginOfSlot, type PoolLogin, poolSize } from './pool'
import { getProviderForWork } from './work'
import { headersOf, networksOf } from './xtream'

/** What names one stream of a provider; `secretUrl` is the seal of a playlist entry. */
export interface StreamSource {
  providerId: number
  kind: ItemKind
  providerItemId: string
  container: string | null
  secretUrl: string | null
}

/** For the server's own use: addresses carry credentials and never leave it. Reconnect from here, never from a redirect's end. */
export interface StreamAddress {
  url: string
  headers: Record<string, string>
  /** Connections the login may hold; null = no limit known. */
  maxConnections: number | null
  /** The HLS form of a live stream, when the provider has one. */
  hls?: string
  privateNetworks: string[]
  /** How other apps get it: through us, or at this very address. */
  delivery: 'proxy' | 'redirect'
  /** The same stream with the login that slot `n` belongs to. */
  at(n: number): Pick<StreamAddress, 'url' | 'hls'>
}

interface SealedEntry {
  url: string
  headers: Record<string, string>
  catchUp?: CatchUpRule
  keys?: PlaylistKeys
}

const place = ({ providerId, kind, providerItemId }: Omit<StreamSource, 'container' | 'secretUrl'>) => ({
  table: 'source',
  column: 'secret_url',
  row: `${providerId}/${kind}/${providerItemId}`,
})

/** Seals a playlist entry's address, bound to the source it belongs to. */
export function sealEntry(source: Omit<StreamSource, 'container' | 'secretUrl'>, entry: SealedEntry): string {
  return seal(JSON.stringify(entry), place(source))
}

/** The address of a playlist entry, for the work at hand only. @throws NO_SOURCE, SECRET_UNREADABLE */
export function openEntry(source: StreamSource): SealedEntry {
  if (source.secretUrl === null) throw new AppError('NO_SOURCE')
  const entry = JSON.parse(open(source.secretUrl, place(source))) as SealedEntry
  for (const secret of [entry.url, entry.catchUp?.source ?? ''].flatMap(secretsIn)) rememberSecret(secret)
  return entry
}

/** The keys that a playlist names for an entry, for the work at hand only; null for any other source. */
export function playlistKeys(source: StreamSource): PlaylistKeys | null {
  return source.secretUrl === null ? null : (openEntry(source).keys ?? null)
}

/** The id of a playlist entry: the same for the same address and headers, and no way back to them. */
export function entryId(salt: string, { url, headers }: Pick<SealedEntry, 'url' | 'headers'>): string {
  return createHmac('sha256', salt)
    .update(`${url}|${JSON.stringify(headers)}`)
    .digest('base64url')
    .slice(0, 22)
}

/** @throws NOT_FOUND when the provider is gone, NO_SOURCE for a series (only episodes play), SECRET_UNREADABLE */
export async function streamAddress(source: StreamSource): Promise<StreamAddress> {
  const provider = await getProviderForWork(source.providerId)
  const { credentials, options, account } = provider
  const headers = headersOf(options)
  const privateNetworks = networksOf(provider)
  if (credentials.kind === 'm3u') {
    const entry = openEntry(source)
    const isHls = /\.m3u8(?:$|\?)/i.test(entry.url)
    const urls = isHls ? { url: entry.url, hls: entry.url } : { url: entry.url }
    const shared = { maxConnections: null, privateNetworks, delivery: options.delivery }
    return { ...urls, headers: { ...headers, ...entry.headers }, ...shared, at: () => urls }
  }
  if (source.kind === 'series') throw new AppError('NO_SOURCE')
  const pool = await listPool(provider)
  const formats = account?.formats ?? []
  const urlsOf = (login: PoolLogin | undefined) => xtreamUrls(credentials.base, login ?? credentials, { source, formats })
  return {
    ...urlsOf(pool[0]),
    headers,
    maxConnections: poolSize(pool),
    privateNetworks,
    delivery: options.delivery,
    at: n => urlsOf(loginOfSlot(pool, n)),
  }
}

function xtreamUrls(
  base: string,
  { username, password }: { username: string; password: string },
  { source, formats }: { source: StreamSource; formats: readonly string[] },
): Pick<StreamAddress, 'url' | 'hls'> {
  const at = (folder: string, file: string) =>
    `${base}/${folder}/${encodeURIComponent(username)}/${encodeURIComponent(password)}/${encodeURIComponent(source.providerItemId)}.${file}`
  if (source.kind === 'movie') return { url: at('movie', source.container ?? 'mp4') }
  if (source.kind === 'episode') return { url: at('series', source.container ?? 'mp4') }
  const hls = at('live', 'm3u8')
  const isHlsOnly = formats.includes('m3u8') && !formats.includes('ts')
  return {
    url: isHlsOnly ? hls : at('live', 'ts'),
    ...(formats.includes('m3u8') || formats.length === 0 ? { hls } : {}),
  }
}
