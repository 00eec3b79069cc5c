import { AppError } from '@/lib/kernel/errors'
import { type HeightLimits, lowestLimit } from './picture-fit'

export type LinkRole = 'playlist' | 'segment' | 'key' | 'map'

export interface RewriteOptions extends HeightLimits {
  /** The address that answered with this playlist, after redirects: relative addresses resolve against it. */
  baseUrl: string
  /** Gives the address to print instead of an upstream one. It may throw to refuse the address. */
  link: (url: string, role: LinkRole) => string
}

export interface RewrittenPlaylist {
  text: string
  kind: 'master' | 'media'
  /** Seconds; 1 or more. 0 in a master playlist. */
  targetDuration: number
  isLive: boolean
  segments: number
}

/** A day of six-second segments, with room. */
const MAX_SEGMENTS = 20_000
const MAX_LINES = 100_000
const MAX_LINE_LENGTH = 16_384

const attributeRoles: Record<string, LinkRole> = {
  'EXT-X-KEY': 'key',
  'EXT-X-SESSION-KEY': 'key',
  'EXT-X-MAP': 'map',
  'EXT-X-MEDIA': 'playlist',
  'EXT-X-I-FRAME-STREAM-INF': 'playlist',
  'EXT-X-RENDITION-REPORT': 'playlist',
  'EXT-X-PART': 'segment',
  'EXT-X-PRELOAD-HINT': 'segment',
}

// Everything else is dropped: comments and private tags are where providers leave their own addresses.
const plainTags = new Set([
  'EXTM3U',
  'EXT-X-VERSION',
  'EXT-X-INDEPENDENT-SEGMENTS',
  'EXT-X-START',
  'EXT-X-TARGETDURATION',
  'EXT-X-MEDIA-SEQUENCE',
  'EXT-X-DISCONTINUITY-SEQUENCE',
  'EXT-X-ENDLIST',
  'EXT-X-PLAYLIST-TYPE',
  'EXT-X-I-FRAMES-ONLY',
  'EXT-X-PART-INF',
  'EXT-X-SERVER-CONTROL',
  'EXTINF',
  'EXT-X-BYTERANGE',
  'EXT-X-DISCONTINUITY',
  'EXT-X-PROGRAM-DATE-TIME',
  'EXT-X-GAP',
  'EXT-X-BITRATE',
  'EXT-X-SKIP',
  'EXT-X-STREAM-INF',
])

/** True when these first bytes of a body are an HLS or M3U playlist. */
export function looksLikePlaylist(head: string): boolean {
  return head
    .replace(/^\uFEFF/, '')
    .trimStart()
    .startsWith('#EXTM3U')
}

/**
 * Replaces every address in a playlist by what `link` gives. Throws PLAYLIST_INVALID, PLAYLIST_LOOP when a playlist
 * lists itself, UPSTREAM_TOO_LARGE beyond 20,000 segments, UPSTREAM_SCHEME_NOT_ALLOWED for other than http(s).
 */
export function rewritePlaylist(text: string, options: RewriteOptions): RewrittenPlaylist {
  if (!looksLikePlaylist(text)) throw new AppError('PLAYLIST_INVALID')
  const lines = keepLower(text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/), options)
  const facts = surveyPlaylist(lines)
  const output: string[] = []
  let isVariant = false
  for (const raw of lines) {
    const line = raw.trim()
    if (line === '') continue
    if (line.length > MAX_LINE_LENGTH) throw new AppError('PLAYLIST_INVALID', { message: 'line too long' })
    if (line.startsWith('#')) {
      const printed = rewriteTag(line, facts.targetDuration, options)
      if (printed !== null) output.push(printed)
      if (line.startsWith('#EXT-X-STREAM-INF')) isVariant = true
      continue
    }
    output.push(rewriteAddress(line, isVariant ? 'playlist' : 'segment', options))
    isVariant = false
  }
  if (facts.kind === 'media' && !facts.hasTargetDuration) output.splice(1, 0, `#EXT-X-TARGETDURATION:${facts.targetDuration}`)
  const { kind, targetDuration, isLive, segments } = facts
  return { text: `${output.join('\n')}\n`, kind, targetDuration, isLive, segments }
}

const heightIn = (line: string): number => Number(/[:,]RESOLUTION=\d+x(\d+)/.exec(line)?.[1] ?? 0)

/** Without the variants that are too high. Who does not say its size stays. */
function keepLower(lines: string[], limits: HeightLimits): string[] {
  const limit = lowestLimit(limits)
  // Sound alone has no height, and pictures for jumping are no quality to watch.
  const pictures = lines.filter(line => line.startsWith('#EXT-X-STREAM-INF:')).map(heightIn)
  const lowest = Math.min(...pictures.filter(height => height > 0))
  if (limit === null || lowest === Number.POSITIVE_INFINITY) return lines
  if (!pictures.includes(0) && limits.accountHeight != null && lowest > limits.accountHeight) throw new AppError('PICTURE_LIMIT')
  const most = Math.max(limit.lines, Math.min(lowest, limits.accountHeight ?? lowest))
  const dropped = new Set<number>()
  for (const [at, line] of lines.entries()) {
    if (heightIn(line) <= most) continue
    if (line.startsWith('#EXT-X-I-FRAME-STREAM-INF:')) dropped.add(at)
    if (!line.startsWith('#EXT-X-STREAM-INF:')) continue
    const address = lines.findIndex((other, below) => below > at && other.trim() !== '' && !other.startsWith('#'))
    dropped.add(at).add(address)
  }
  return lines.filter((_, at) => !dropped.has(at))
}

/** What kind of playlist this is and how long its segments may be. Throws UPSTREAM_TOO_LARGE beyond 20,000 segments. */
export function surveyPlaylist(lines: readonly string[]) {
  if (lines.length > MAX_LINES) throw new AppError('UPSTREAM_TOO_LARGE', { message: 'playlist lines' })
  const has = (tag: string) => lines.some(line => line.startsWith(tag))
  const kind = has('#EXT-X-STREAM-INF') || has('#EXT-X-I-FRAME-STREAM-INF') ? ('master' as const) : ('media' as const)
  const segments = lines.reduce((count, line) => (line.trim() !== '' && !line.trimStart().startsWith('#') ? count + 1 : count), 0)
  if (segments > MAX_SEGMENTS) throw new AppError('UPSTREAM_TOO_LARGE', { message: 'playlist segments' })
  const declared = lines.find(line => line.startsWith('#EXT-X-TARGETDURATION:'))
  let longest = 1
  for (const line of lines) if (line.startsWith('#EXTINF:')) longest = Math.max(longest, Math.round(numberAfterColon(line)))
  const targetDuration = declared === undefined ? longest : Math.max(1, Math.round(numberAfterColon(declared)))
  return {
    kind,
    segments,
    hasTargetDuration: declared !== undefined,
    targetDuration: kind === 'master' ? 0 : targetDuration,
    isLive: kind === 'media' && !has('#EXT-X-ENDLIST') && !has('#EXT-X-PLAYLIST-TYPE:VOD'),
  }
}

function rewriteTag(line: string, targetDuration: number, options: RewriteOptions): string | null {
  const name = /^#(EXT[A-Z0-9-]*)/.exec(line)?.[1]
  if (name === undefined) return null
  if (name === 'EXT-X-TARGETDURATION') return `#EXT-X-TARGETDURATION:${targetDuration}`
  if (name === 'EXTINF') return printDuration(line, targetDuration)
  const role = attributeRoles[name]
  if (role !== undefined) {
    return line.replace(/([,:\s]URI=)"([^"]*)"/g, (_all, before: string, address: string) => {
      // Keys of DRM systems are named by data: and skd: addresses, which nobody fetches over the network.
      const isOpaqueKey = role === 'key' && /^(data|skd):/i.test(address)
      return `${before}"${isOpaqueKey ? address : rewriteAddress(address, role, options)}"`
    })
  }
  return plainTags.has(name) && !line.includes('://') ? line : null
}

function printDuration(line: string, targetDuration: number): string {
  const seconds = numberAfterColon(line)
  const clamped = seconds >= 0 ? seconds : targetDuration
  const title = line.slice(line.indexOf(',') + 1)
  return `#EXTINF:${clamped},${line.includes(',') && !title.includes('://') ? title : ''}`
}

function rewriteAddress(address: string, role: LinkRole, options: RewriteOptions): string {
  return options.link(resolveAddress(address, role, options.baseUrl), role)
}

/** The whole address of something a playlist names. Throws PLAYLIST_INVALID, PLAYLIST_LOOP, UPSTREAM_SCHEME_NOT_ALLOWED. */
export function resolveAddress(address: string, role: LinkRole, baseUrl: string): string {
  if (!URL.canParse(address, baseUrl)) throw new AppError('PLAYLIST_INVALID', { message: 'address' })
  const url = new URL(address, baseUrl)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new AppError('UPSTREAM_SCHEME_NOT_ALLOWED')
  url.hash = ''
  if (role === 'playlist' && url.href === baseUrl) throw new AppError('PLAYLIST_LOOP')
  return url.href
}

function numberAfterColon(line: string): number {
  const value = Number.parseFloat(line.slice(line.indexOf(':') + 1))
  return Number.isFinite(value) ? value : 0
}
