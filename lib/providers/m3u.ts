import { AppError } from '@/lib/kernel/errors'
import { parseAttributes, parseExtInf } from './m3u-line'
import { readKodiProperty } from './playlist-keys'

export interface M3uEntry {
  name: string
  /** Address without the `|Header=…` suffix. Carries credentials: never log, never store in clear. */
  url: string
  /** From `|User-Agent=…&Referer=…` and `#EXTVLCOPT`; names in lower case. */
  headers: Record<string, string>
  /** Attributes of `#EXTINF`, names in lower case, empty values left out. */
  attributes: Record<string, string>
  /** `group-title`, else `#EXTGRP`. */
  group: string | null
  /** What `#KODIPROP` lines say of keys, by name. Secrets, like the address. */
  properties: Record<string, string>
}

export interface M3uHeader {
  /** XMLTV addresses of `url-tvg` and `x-tvg-url`. */
  guideUrls: string[]
  attributes: Record<string, string>
}

export interface M3uBatch {
  entries: M3uEntry[]
  /** Lines that were an entry but cannot be one: no web address, too long. Counted since the last batch. */
  dropped: number
  header: M3uHeader
  /** False while no `#EXTM3U` has been met, with which every playlist begins. */
  isHeaded: boolean
}

export interface M3uLimits {
  maxBytes: number
  maxEntries: number
}
export const playlistLimits: M3uLimits = { maxBytes: 1_073_741_824, maxEntries: 2_000_000 }

const MAX_LINE = 65_536
const BATCH = 500

interface State {
  header: M3uHeader
  pending: { name: string | null; attributes: Record<string, string> } | null
  headers: Record<string, string>
  properties: Record<string, string>
  /** `#EXTGRP` of this entry only; Kodi's sticky reading would file everything after it in one group. */
  extGroup: string | null
  isPlaylist: boolean
  isHeaded: boolean
  count: number
  batch: M3uEntry[]
  dropped: number
}

/**
 * Reads a channel playlist of any size (protocols.md 4.3) in batches with flat memory. Entries whose address is not
 * http(s) are dropped and counted; entries without `#EXTINF` count.
 * @throws PLAYLIST_INVALID for a stream's own HLS playlist and for text that holds no playlist; CATALOGUE_LIMIT;
 * whatever the source fails with, after the entries so far
 */
export async function* readM3u(source: AsyncIterable<Buffer | string>, limits = playlistLimits): AsyncGenerator<M3uBatch> {
  const state: State = {
    header: { guideUrls: [], attributes: {} },
    pending: null,
    headers: {},
    properties: {},
    extGroup: null,
    isPlaylist: false,
    isHeaded: false,
    count: 0,
    batch: [],
    dropped: 0,
  }
  for await (const line of linesOf(source, limits.maxBytes)) {
    if (line === null) state.dropped++
    else takeLine(line, state)
    if (state.count > limits.maxEntries) throw new AppError('CATALOGUE_LIMIT')
    if (state.batch.length >= BATCH) yield flush(state)
  }
  if (state.pending) state.dropped++
  if (!state.isPlaylist && state.count === 0) throw new AppError('PLAYLIST_INVALID', { message: 'no playlist in the text' })
  yield flush(state)
}

function flush(state: State): M3uBatch {
  const out = { entries: state.batch, dropped: state.dropped, header: state.header, isHeaded: state.isHeaded }
  state.batch = []
  state.dropped = 0
  return out
}

/** Lines without line ends; null for one that was longer than any honest line and has been passed over. */
async function* linesOf(source: AsyncIterable<Buffer | string>, maxBytes: number): AsyncGenerator<string | null> {
  const decoder = new TextDecoder('utf-8')
  let rest = ''
  let skipping = false
  let bytes = 0
  for await (const chunk of source) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new AppError('CATALOGUE_LIMIT')
    const text = rest + (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }))
    const lines = text.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (skipping || line.length > MAX_LINE) yield null
      else yield line
      skipping = false
    }
    if (rest.length > MAX_LINE) {
      rest = ''
      skipping = true
    }
  }
  if (skipping) yield null
  else if (rest.trim() !== '') yield rest.replace(/\r$/, '')
}

function takeLine(raw: string, state: State): void {
  const line = (state.count === 0 ? raw.replace(/^\ufeff/, '') : raw).trim()
  if (line === '') return
  if (!line.startsWith('#')) {
    takeAddress(line, state)
    return
  }
  const [, word = '', value = ''] = /^#([A-Z0-9-]+):?\s*(.*)$/is.exec(line) ?? []
  switch (word.toUpperCase()) {
    case 'EXTM3U':
      state.isPlaylist = true
      state.isHeaded = true
      takeHeader(value, state)
      break
    case 'EXTINF':
      if (state.pending) state.dropped++
      state.isPlaylist = true
      state.pending = parseExtInf(value)
      break
    case 'EXTGRP':
      state.extGroup = value.trim() || null
      break
    case 'EXTVLCOPT':
    case 'EXTVLCOPT--':
      takeOption(value, state)
      break
    case 'KODIPROP':
      takeProperty(value, state)
      break
    case 'EXT-X-TARGETDURATION':
    case 'EXT-X-STREAM-INF':
      throw new AppError('PLAYLIST_INVALID', {
        say: 'This address is a single stream, not a list of channels.',
        message: 'an HLS playlist',
      })
    default: {
      const [, rest] = /^#EXTVLCOPT--(.*)$/i.exec(line) ?? []
      if (rest) takeOption(rest, state)
    }
  }
}

function takeHeader(text: string, state: State): void {
  const { attributes } = parseAttributes(text)
  state.header.attributes = { ...state.header.attributes, ...attributes }
  const urls = ['url-tvg', 'x-tvg-url', 'tvg-url'].flatMap(name => (attributes[name] ?? '').split(','))
  const web = urls.map(url => url.trim()).filter(url => /^https?:\/\//i.test(url))
  state.header.guideUrls = [...new Set([...state.header.guideUrls, ...web])]
}

const optionHeaders: Record<string, string> = {
  'http-user-agent': 'user-agent',
  'http-referrer': 'referer',
  'http-referer': 'referer',
  'http-origin': 'origin',
}

function takeOption(text: string, state: State): void {
  const [, key = '', value = ''] = /^\s*([\w-]+)\s*=\s*(.*)$/.exec(text) ?? []
  const header = optionHeaders[key.toLowerCase()]
  if (header && isHeaderValue(value)) state.headers[header] = value.trim()
}

function takeProperty(text: string, state: State): void {
  const property = readKodiProperty(text)
  if (property !== null) state.properties = { ...state.properties, [property[0]]: property[1] }
}

function takeAddress(line: string, state: State): void {
  const { pending, headers, properties, extGroup } = state
  state.pending = null
  state.headers = {}
  state.properties = {}
  state.extGroup = null
  const bar = line.indexOf('|')
  const url = bar < 0 ? line : line.slice(0, bar)
  // A bare word in a file without any entry is prose; with a scheme it is an address we do not play.
  if (!/^https?:\/\/[^\s/]/i.test(url) || !URL.canParse(url)) {
    if (pending || /^[a-z]+:\/\//i.test(line) || state.isPlaylist) state.dropped++
    return
  }
  const attributes = { ...catchUpOf(state.header), ...pending?.attributes }
  state.count++
  state.batch.push({
    name: pending?.name || attributes['tvg-name'] || baseName(url),
    url,
    headers: bar < 0 ? headers : { ...headers, ...suffixHeaders(line.slice(bar + 1)) },
    attributes,
    group: attributes['group-title'] ?? extGroup,
    properties,
  })
}

const archiveAttributes = ['catchup', 'catchup-type', 'catchup-days', 'catchup-source', 'catchup-correction']

/** What the list says of archives counts for every entry that says nothing of its own. */
function catchUpOf({ attributes }: M3uHeader): Record<string, string> {
  const said = archiveAttributes.flatMap(name => (attributes[name] === undefined ? [] : [[name, attributes[name]]]))
  return said.length === 0 ? {} : Object.fromEntries(said)
}

function suffixHeaders(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [name, value] of new URLSearchParams(text.replaceAll('+', '%2B'))) {
    const key = name.toLowerCase()
    if (/^[a-z-]{2,40}$/.test(key) && isHeaderValue(value)) found[key] = value
  }
  return found
}

// Line breaks in a header would start a request of their own.
const isHeaderValue = (value: string) => value.length > 0 && value.length <= 1_000 && /^[\x20-\x7e]+$/.test(value)

function baseName(url: string): string {
  const last = new URL(url).pathname.split('/').filter(Boolean).at(-1) ?? ''
  return last.replace(/\.[a-z0-9]{1,5}$/i, '') || new URL(url).hostname
}
