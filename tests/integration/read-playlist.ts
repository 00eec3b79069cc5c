import * as strict from 'hls-parser'
import { Parser } from 'm3u8-parser'

// What two parsers that are not ours find in a playlist; the one of them refuses what breaks a rule of RFC 8216.

export interface Quality {
  uri: string
  bandwidth: number
  average: number | null
  codecs: string
  size: string
  frameRate: number | null
}

/** The qualities of a multivariant playlist. Throws when it breaks a rule, or when the two disagree. */
export function readQualities(text: string): Quality[] {
  strict.setOptions({ strictMode: true })
  const playlist = strict.parse(text)
  if (!playlist.isMasterPlaylist) throw new Error('no multivariant playlist')
  const { variants } = playlist as strict.types.MasterPlaylist
  const found = variants.map(
    ({ uri, bandwidth, averageBandwidth, codecs, resolution, frameRate }): Quality => ({
      uri,
      bandwidth,
      average: averageBandwidth ?? null,
      codecs: codecs ?? '',
      size: `${resolution?.width}x${resolution?.height}`,
      frameRate: frameRate ?? null,
    }),
  )
  const other = loosely(text).playlists?.map(({ uri, attributes }) => `${uri} ${attributes.BANDWIDTH} ${attributes.CODECS}`)
  const same = found.map(({ uri, bandwidth, codecs }) => `${uri} ${bandwidth} ${codecs}`)
  if (JSON.stringify(other) !== JSON.stringify(same)) throw new Error(`the parsers disagree: ${other} and ${same}`)
  return found
}

/** The segments of a media playlist with their seconds. Throws when it breaks a rule, or when the two disagree. */
export function readSegments(text: string): { uri: string; duration: number }[] {
  strict.setOptions({ strictMode: true })
  // hls-parser takes whoever skips segments for Low-Latency HLS, which has more duties; RFC 8216bis 4.4.3.8 does not.
  const playlist = strict.parse(text.replace(/^#EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL=\d+\n/m, ''))
  if (playlist.isMasterPlaylist) throw new Error('no media playlist')
  const found = (playlist as strict.types.MediaPlaylist).segments.map(({ uri, duration }) => ({ uri, duration }))
  const other = loosely(text).segments.map(({ uri, duration }) => ({ uri, duration }))
  if (JSON.stringify(other) !== JSON.stringify(found)) throw new Error('the parsers disagree')
  return found
}

export function loosely(text: string): Parser['manifest'] {
  const parser = new Parser()
  parser.push(text)
  parser.end()
  return parser.manifest
}
