import { z } from 'zod'
import { HOUR, SECOND } from '@/lib/kernel/time'

/** How a playlist's entry says that its archive is reached (protocols.md 4.5). Kept sealed: the source may carry credentials. */
export const CatchUpRule = z.object({
  mode: z.enum(['default', 'append', 'shift', 'flussonic', 'xc', 'vod']),
  source: z.string().nullable(),
  /** Hours by which times are moved back. */
  correction: z.number(),
})
export type CatchUpRule = z.infer<typeof CatchUpRule>

const modes: Readonly<Record<string, CatchUpRule['mode']>> = {
  default: 'default',
  append: 'append',
  shift: 'shift',
  timeshift: 'shift',
  flussonic: 'flussonic',
  'flussonic-hls': 'flussonic',
  'flussonic-ts': 'flussonic',
  fs: 'flussonic',
  xc: 'xc',
  vod: 'vod',
}

const MAX_SOURCE = 4_096
const MAX_CORRECTION = 14

/** What the attributes of an entry say; null when they say nothing of an archive. */
export function readCatchUpRule(attributes: Readonly<Record<string, string>>): CatchUpRule | null {
  const named = (attributes.catchup ?? attributes['catchup-type'])?.toLowerCase()
  const source = attributes['catchup-source']?.slice(0, MAX_SOURCE) ?? null
  const days = attributes['catchup-days'] ?? attributes.timeshift ?? attributes['tvg-rec']
  if (named === undefined && source === null && days === undefined) return null
  const hours = Number(attributes['catchup-correction'] ?? 0)
  const correction = Number.isFinite(hours) && Math.abs(hours) <= MAX_CORRECTION ? hours : 0
  const implied = source === null ? 'shift' : 'default'
  return { mode: (named === undefined ? undefined : modes[named]) ?? implied, source, correction }
}

/** Times in ms since 1970. */
export interface PlaylistStretch {
  start: number
  stop: number
  now: number
}

/** Where a stretch of this entry's archive is, in the order worth trying. */
export function playlistCatchUpUrls(live: string, { mode, source, correction }: CatchUpRule, stretch: PlaylistStretch): string[] {
  const moved = { ...stretch, start: stretch.start - correction * HOUR, stop: stretch.stop - correction * HOUR }
  const found = urlsOf(mode, { live, source }, moved)
  return found.filter((url): url is string => url !== null && /^https?:\/\//i.test(url) && URL.canParse(url))
}

export const isPlaylistAddress = (url: string): boolean => /\.m3u8?$/i.test(new URL(url).pathname)

function urlsOf(
  mode: CatchUpRule['mode'],
  { live, source }: { live: string; source: string | null },
  stretch: PlaylistStretch,
): (string | null)[] {
  const filled = source === null ? null : fillTemplate(source, stretch)
  const shift = withQuery(live, fillTemplate('utc={utc}&lutc={lutc}', stretch) ?? '')
  switch (mode) {
    case 'append':
      return [filled === null ? shift : live + filled]
    case 'shift':
      return [shift]
    case 'flussonic':
      return filled === null ? flussonicUrls(live, stretch) : [filled]
    case 'xc':
      return xtreamUrls(live, stretch)
    case 'vod':
      return [filled]
    default:
      if (source === null) return [shift]
      return [filled === null || /^https?:\/\//i.test(filled) ? filled : live + filled]
  }
}

const withQuery = (url: string, query: string) => `${url}${url.includes('?') ? '&' : '?'}${query}`
const epoch = (ms: number) => String(Math.floor(ms / SECOND))

/** Flussonic sends a stretch as a file, where it keeps no such as a list of segments, and else the stream from a moment on. */
function flussonicUrls(live: string, { start, stop }: PlaylistStretch): string[] {
  const [, folder, name = '', query = ''] = /^(https?:\/\/[^?]+)\/([^/?]*)(\?.*)?$/i.exec(live) ?? []
  if (folder === undefined) return []
  const stretch = `${epoch(start)}-${Math.round((stop - start) / SECOND)}`
  const list = /^(\w+)\.m3u8$/i.exec(name)?.[1]
  return [
    `${folder}/archive-${stretch}.ts${query}`,
    ...(list === undefined ? [] : [`${folder}/${list}-${stretch}.m3u8${query}`]),
    `${folder}/timeshift_abs-${epoch(start)}.ts${query}`,
  ]
}

/** The panel's zone is not known here, so seconds since 1970 come first, which need none. */
function xtreamUrls(live: string, { start, stop }: PlaylistStretch): string[] {
  const [, base, login, id, ending] = /^(https?:\/\/[^/]+)(?:\/live)?\/([^/]+\/[^/]+)\/(\d+)(?:\.(\w+))?$/i.exec(live) ?? []
  if (base === undefined) return []
  const minutes = Math.max(1, Math.ceil((stop - start) / (60 * SECOND)))
  const wall = formatTime(start, 'Y-m-d:H-M')
  const at = (text: string, as: string) => `${base}/timeshift/${login}/${minutes}/${text}/${id}.${as}`
  const streams = [epoch(start), wall].map(text => at(text, 'ts'))
  return ending?.toLowerCase() === 'm3u8' ? [...streams, at(epoch(start), 'm3u8')] : streams
}

/** Fills the gaps of a template; null when it has one that we do not know. */
export function fillTemplate(template: string, stretch: PlaylistStretch): string | null {
  let isKnown = true
  const text = template.replace(/\$?\{([^{}]+)\}/g, (_whole, name: string) => {
    const value = gapOf(name, stretch)
    if (value === null) isKnown = false
    return value ?? ''
  })
  return isKnown ? text : null
}

function gapOf(name: string, { start, stop, now }: PlaylistStretch): string | null {
  const [, point, pattern = ''] = /^\((b|e)\)(.+)$/.exec(name) ?? []
  if (point !== undefined) return formatJava(point === 'b' ? start : stop, pattern)
  if (/^[YmdHMS]$/.test(name)) return formatTime(start, name)
  const [key = '', ...rest] = name.split(':')
  const detail = rest.join(':')
  const moment = { utc: start, start, utcend: stop, end: stop, lutc: now, now, timestamp: now }[key]
  if (moment !== undefined) return detail === '' ? epoch(moment) : formatTime(moment, detail)
  const length = { duration: stop - start, offset: now - start }[key]
  const divisor = detail === '' ? 1 : Number(detail)
  return length === undefined || !(divisor > 0) ? null : String(Math.floor(length / SECOND / divisor))
}

function fieldsOf(ms: number): Record<string, string> {
  const [date = '', time = ''] = new Date(ms).toISOString().split('T')
  const [Y = '', m = '', d = ''] = date.split('-')
  const [H = '', M = '', S = ''] = time.slice(0, 8).split(':')
  return { Y, m, d, H, M, S }
}

/** In UTC: whoever made the list meant the zone of a player that is not ours; `catchup-correction` mends it. */
function formatTime(ms: number, pattern: string): string {
  const fields = fieldsOf(ms)
  return pattern.replace(/[YmdHMS]/g, letter => fields[letter] ?? '')
}

function formatJava(ms: number, pattern: string): string {
  const { Y = '', m = '', d = '', H = '', M = '', S = '' } = fieldsOf(ms)
  const words: Record<string, string> = { yyyy: Y, MM: m, dd: d, HH: H, mm: M, ss: S }
  return pattern.replace(/yyyy|MM|dd|HH|mm|ss/g, word => words[word] ?? '')
}
