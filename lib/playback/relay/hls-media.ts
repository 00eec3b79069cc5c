import { AppError } from '@/lib/kernel/errors'
import { readBody } from '@/lib/platform/fetch'
import { MAX_PLAYLIST_DEPTH } from '../handles'
import { parseUpstreamPlaylist, type UpstreamPlaylist } from './hls-playlist'
import type { Follow } from './hls-segments'
import { refusalOf } from './upstream-status'

export type MediaPlaylist = Extract<UpstreamPlaylist, { kind: 'media' }>

export interface HlsSource {
  /** Where the playlist is asked for again: the original address, since one that a redirect gave may be for one use. */
  address: string
  /** The first answer, which has been read already, and the address that gave it. */
  first: { text: string; url: string }
  follow: Follow
}

const MAX_PLAYLIST_BYTES = 4 * 2 ** 20

export interface FoundMedia {
  address: string
  playlist: MediaPlaylist
}

/**
 * From the first answer to a media playlist: the variant of the highest bandwidth, at most three playlists deep. Null when its
 * sound lies elsewhere.
 */
export async function findMedia(source: HlsSource, signal: AbortSignal): Promise<FoundMedia | null> {
  let { address } = source
  let { text, url } = source.first
  for (let depth = 0; depth < MAX_PLAYLIST_DEPTH; depth++) {
    const playlist = parseUpstreamPlaylist(text, url)
    if (playlist.kind === 'media') return { address, playlist }
    const best = playlist.variants.toSorted((a, b) => b.bandwidth - a.bandwidth)[0]
    if (best === undefined) throw new AppError('PLAYLIST_INVALID', { message: 'no variant' })
    if (best.hasSeparateAudio) return null
    address = best.url
    ;({ text, url } = await readPlaylist(source.follow, address, signal))
  }
  throw new AppError('PLAYLIST_LOOP')
}

export async function readPlaylist(follow: Follow, address: string, signal: AbortSignal): Promise<{ text: string; url: string }> {
  const response = await follow(address, {}, signal)
  try {
    const refusal = refusalOf(response.status, response.headers)
    if (refusal !== null) throw refusal
    return { text: (await readBody(response, { maxBytes: MAX_PLAYLIST_BYTES })).toString('utf8'), url: response.url }
  } finally {
    response.cancel()
  }
}
