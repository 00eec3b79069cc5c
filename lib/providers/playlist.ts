import 'server-only'
import { gunzipSync, gzipSync } from 'node:zlib'
import { AppError } from '@/lib/kernel/errors'
import { rememberSecret } from '@/lib/platform/redact'
import { type CallPolicy, type ProviderCall, policies, streamBody } from './client'
import { type M3uBatch, readM3u } from './m3u'
import { secretsIn } from './parse-address'
import { headersOf, networksOf, type Reach } from './xtream'

/** Where a playlist comes from: an address, or the text of an uploaded file. */
export type PlaylistOrigin = { url: string } | { text: string }

interface ReadOptions extends Reach {
  known: boolean
  policy?: CallPolicy
  signal?: AbortSignal | undefined
}

/** The entries of a playlist as they arrive. @throws PLAYLIST_INVALID and the codes of the client */
export async function* readPlaylist(origin: PlaylistOrigin, how: ReadOptions): AsyncGenerator<M3uBatch> {
  if ('text' in origin) {
    yield* readM3u(slices(origin.text))
    return
  }
  for (const secret of secretsIn(origin.url)) rememberSecret(secret)
  const call: ProviderCall = {
    url: origin.url,
    login: origin.url,
    known: how.known,
    policy: how.policy ?? policies.list,
    headers: headersOf(how.options),
    privateNetworks: networksOf(how),
    signal: how.signal,
  }
  try {
    yield* readM3u(streamBody(call))
  } catch (error) {
    const missing = error instanceof AppError && error.code === 'PROVIDER_NOT_XTREAM'
    if (missing) throw new AppError('PLAYLIST_INVALID', { say: 'There is no playlist at this address.', cause: error })
    throw error
  }
}

async function* slices(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += 65_536) yield text.slice(at, at + 65_536)
}

/** Playlists are very repetitive: packed they are a tenth. */
export const packText = (text: string): string => gzipSync(text).toString('base64')
export const unpackText = (packed: string): string => gunzipSync(Buffer.from(packed, 'base64')).toString('utf8')
