import { AppError } from '@/lib/kernel/errors'
import { looksLikePlaylist, resolveAddress, surveyPlaylist } from '../rewrite-playlist'

/** What one request fetches. */
export interface HlsPart {
  url: string
  /** Part of the file at `url`; null for the whole. */
  range: { start: number; length: number } | null
  /** AES-128; null for plain bytes. */
  key: { url: string; iv: Buffer } | null
}

/** The beginning of a file of fragments, which all its segments need. */
export type HlsMap = HlsPart

export interface HlsSegment extends HlsPart {
  sequence: number
  /** Seconds. */
  duration: number
  /** When it was sent, in ms since 1970; null where the playlist does not tell. */
  at: number | null
  map: HlsMap | null
  /** True when it does not continue the one before. */
  isDiscontinuous: boolean
}

export interface HlsVariant {
  url: string
  bandwidth: number
  /** Its sound comes from playlists of its own. */
  hasSeparateAudio: boolean
}

export type UpstreamPlaylist =
  | { kind: 'master'; variants: HlsVariant[] }
  | {
      kind: 'media'
      targetDuration: number
      segments: HlsSegment[]
      /** Nothing will be added: a film, not a channel. */
      isEnded: boolean
      /** Added to and never taken from. */
      isGrowing: boolean
      /** What its segments are, in the clear or under AES-128; `other` for what we do not read. */
      format: 'ts' | 'fmp4' | 'other'
    }

interface Reading {
  baseUrl: string
  sequence: number
  duration: number
  range: HlsSegment['range']
  /** Where the next range of a file begins when the playlist does not say. */
  rangeEnd: Map<string, number>
  key: { url: string; iv: Buffer | null } | null
  at: number | null
  map: HlsMap | null
  isDiscontinuous: boolean
  format: 'ts' | 'fmp4' | 'other'
  segments: HlsSegment[]
}

const MAX_SEGMENT_SECONDS = 60

/** Reads a provider's playlist. Throws PLAYLIST_INVALID, PLAYLIST_LOOP, UPSTREAM_TOO_LARGE, UPSTREAM_SCHEME_NOT_ALLOWED. */
export function parseUpstreamPlaylist(text: string, baseUrl: string): UpstreamPlaylist {
  if (!looksLikePlaylist(text)) throw new AppError('PLAYLIST_INVALID')
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map(line => line.trim())
    .filter(line => line !== '')
  const facts = surveyPlaylist(lines)
  if (facts.kind === 'master') return { kind: 'master', variants: readVariants(lines, baseUrl) }
  const first = Number.parseInt(tagValue(lines, '#EXT-X-MEDIA-SEQUENCE:') ?? '0', 10)
  const reading: Reading = {
    baseUrl,
    sequence: Number.isSafeInteger(first) && first >= 0 ? first : 0,
    duration: facts.targetDuration,
    range: null,
    rangeEnd: new Map(),
    key: null,
    at: null,
    map: null,
    isDiscontinuous: false,
    format: 'ts',
    segments: [],
  }
  for (const line of lines) readLine(reading, line, facts.targetDuration)
  const { segments, format } = reading
  const isGrowing = facts.isLive && lines.includes('#EXT-X-PLAYLIST-TYPE:EVENT')
  const { targetDuration, isLive } = facts
  return { kind: 'media', targetDuration, segments, isEnded: !isLive, isGrowing, format }
}

function readLine(reading: Reading, line: string, targetDuration: number): void {
  if (!line.startsWith('#')) addSegment(reading, line, targetDuration)
  else if (line.startsWith('#EXTINF:')) {
    const seconds = Number.parseFloat(line.slice(8))
    reading.duration = seconds > 0 ? Math.min(seconds, MAX_SEGMENT_SECONDS) : targetDuration
  } else if (line === '#EXT-X-DISCONTINUITY') reading.isDiscontinuous = true
  else if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) {
    const at = Date.parse(line.slice(25))
    reading.at = Number.isNaN(at) ? null : at
  } else if (line.startsWith('#EXT-X-MAP:')) readMap(reading, line)
  else if (line.startsWith('#EXT-X-KEY:')) readKey(reading, line)
  else if (line.startsWith('#EXT-X-BYTERANGE:')) {
    // Without a beginning it continues the range before, whose file is known only with the address.
    reading.range = readRange(line.slice(17), -1)
  }
}

function addSegment(reading: Reading, address: string, targetDuration: number): void {
  const url = resolveAddress(address, 'segment', reading.baseUrl)
  const { sequence, duration, key, at, map, isDiscontinuous } = reading
  let range = reading.range
  if (range !== null) {
    range = { ...range, start: range.start < 0 ? (reading.rangeEnd.get(url) ?? 0) : range.start }
    if (!(range.length > 0) || !Number.isSafeInteger(range.start))
      throw new AppError('PLAYLIST_INVALID', { message: 'byte range' })
    reading.rangeEnd.set(url, range.start + range.length)
  }
  const iv = key === null ? null : (key.iv ?? sequenceIv(sequence))
  reading.segments.push({
    sequence,
    url,
    duration,
    range,
    at,
    map,
    isDiscontinuous,
    key: key === null || iv === null ? null : { url: key.url, iv },
  })
  if (map === null && /\.(m4s|mp4|cmfv|aac|mp3|vtt)$/i.test(new URL(url).pathname)) reading.format = 'other'
  const next = { sequence: sequence + 1, duration: targetDuration, range: null, isDiscontinuous: false }
  Object.assign(reading, next, { at: at === null ? null : at + duration * 1_000 })
}

function readRange(text: string, unsaid: number) {
  const [length = '', start] = text.split('@')
  return { start: start === undefined ? unsaid : Number.parseInt(start, 10), length: Number.parseInt(length, 10) }
}

function readMap(reading: Reading, line: string): void {
  const address = attributeOf(line, 'URI')
  const bytes = attributeOf(line, 'BYTERANGE')
  const range = bytes === null ? null : readRange(bytes, 0)
  const isReadable = address !== null && (range === null || (range.length > 0 && Number.isSafeInteger(range.start)))
  // The segment's number is no vector for what belongs to all of them.
  if (!isReadable || reading.key?.iv === null) reading.format = 'other'
  if (!isReadable || reading.format === 'other') return
  reading.format = 'fmp4'
  const key = reading.key?.iv ? { url: reading.key.url, iv: reading.key.iv } : null
  reading.map = { url: resolveAddress(address, 'map', reading.baseUrl), range, key }
}

function readKey(reading: Reading, line: string): void {
  const method = attributeOf(line, 'METHOD')
  reading.key = null
  if (method === 'NONE') return
  const address = attributeOf(line, 'URI')
  const format = attributeOf(line, 'KEYFORMAT') ?? 'identity'
  if (method !== 'AES-128' || format !== 'identity' || address === null) {
    reading.format = 'other'
    return
  }
  const iv = /^0x([0-9a-f]{1,32})$/i.exec(attributeOf(line, 'IV') ?? '')?.[1]
  reading.key = {
    url: resolveAddress(address, 'key', reading.baseUrl),
    iv: iv === undefined ? null : Buffer.from(iv.padStart(32, '0'), 'hex'),
  }
}

/** Without one in the playlist, the number of the segment is its initialization vector (RFC 8216, 5.2). */
function sequenceIv(sequence: number): Buffer {
  const iv = Buffer.alloc(16)
  iv.writeBigUInt64BE(BigInt(sequence), 8)
  return iv
}

function readVariants(lines: readonly string[], baseUrl: string): HlsVariant[] {
  const separate = new Set(
    lines
      .filter(
        line => line.startsWith('#EXT-X-MEDIA:') && attributeOf(line, 'TYPE') === 'AUDIO' && attributeOf(line, 'URI') !== null,
      )
      .map(line => attributeOf(line, 'GROUP-ID')),
  )
  return lines.flatMap((line, at) => {
    if (!line.startsWith('#EXT-X-STREAM-INF')) return []
    const address = lines.slice(at + 1).find(next => !next.startsWith('#'))
    if (address === undefined) return []
    const group = attributeOf(line, 'AUDIO')
    const bandwidth = Number(attributeOf(line, 'BANDWIDTH')) || 0
    return [
      { url: resolveAddress(address, 'playlist', baseUrl), bandwidth, hasSeparateAudio: group !== null && separate.has(group) },
    ]
  })
}

function attributeOf(line: string, name: string): string | null {
  const found = new RegExp(`[:,]${name}=(?:"([^"]*)"|([^,]*))`).exec(line)
  return found?.[1] ?? found?.[2] ?? null
}

function tagValue(lines: readonly string[], tag: string): string | null {
  return lines.find(line => line.startsWith(tag))?.slice(tag.length) ?? null
}
