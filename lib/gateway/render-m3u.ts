import type { ListedEpisode, ListedItem } from '@/lib/catalogue'
import { pictureLink } from './picture-links'
import { episodeCode } from './render-titles'

/** Stands for USER/PASSWORD in a rendered playlist; no name holds it, because names hold no control characters. */
export const CREDENTIALS_MARK = '\u0001'

export interface PlaylistOptions {
  origin: string
  /** `m3u`: names only; `m3u_plus`: with attributes. */
  plus: boolean
  /** Ending of live addresses: `.ts` or `.m3u8`. Films and episodes keep their container. */
  live: 'ts' | 'm3u8'
}

/** Attribute values have no escape rule: what would break a line is replaced (protocols.md 4.2). */
export const attribute = (value: string): string => value.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').replaceAll('"', "'")

/** Jellyfin takes the text after the last comma, others after the first: a name has none. A name that spreadsheets would run is quoted. */
export function displayName(value: string): string {
  const plain = attribute(value).replaceAll(',', ' ').replace(/\s+/g, ' ').trim()
  return /^[=+@]/.test(plain) ? `'${plain}` : plain
}

export function renderHeader(guideUrl: string, plus: boolean): string {
  return plus ? `#EXTM3U url-tvg="${guideUrl}" x-tvg-url="${guideUrl}"\n` : '#EXTM3U\n'
}

export function renderChannelEntry(
  item: ListedItem,
  { num, group, options }: { num: number; group: string; options: PlaylistOptions },
): string {
  const { origin, plus, live } = options
  const url = `${origin}/live/${CREDENTIALS_MARK}/${item.id}.${live}`
  if (!plus) return plain(item.name, url)
  const days = item.archiveDays
  const catchUp =
    days > 0
      ? ` timeshift="${days}" tvg-rec="${days}" catchup="default" catchup-days="${days}" catchup-source="${origin}/timeshift/${CREDENTIALS_MARK}/{duration:60}/\${start}/${item.id}.${live}"`
      : ''
  return (
    `#EXTINF:-1 tvg-id="${attribute(item.guideId ?? '')}" tvg-name="${attribute(item.name)}" ` +
    `tvg-logo="${pictureLink(item.id, item.image, origin)}" tvg-chno="${num}" group-title="${attribute(group)}"${catchUp},` +
    `${displayName(item.name)}\n${url}\n`
  )
}

export function renderMovieEntry(item: ListedItem, group: string, options: PlaylistOptions): string {
  const url = `${options.origin}/movie/${CREDENTIALS_MARK}/${item.id}.${item.container ?? 'mp4'}`
  return options.plus ? full(item, { name: item.name, group, url, origin: options.origin }) : plain(item.name, url)
}

export function renderEpisodeEntry(item: ListedEpisode, group: string, options: PlaylistOptions): string {
  const url = `${options.origin}/series/${CREDENTIALS_MARK}/${item.id}.${item.container ?? 'mp4'}`
  const name = `${item.seriesName} ${episodeCode(item.season, item.episode)}`
  return options.plus ? full(item, { name, group, url, origin: options.origin }) : plain(name, url)
}

function full(
  item: ListedItem,
  { name, group, url, origin }: { name: string; group: string; url: string; origin: string },
): string {
  return (
    `#EXTINF:-1 tvg-id="" tvg-name="${attribute(name)}" tvg-logo="${pictureLink(item.id, item.image, origin)}" ` +
    `group-title="${attribute(group)}",${displayName(name)}\n${url}\n`
  )
}

const plain = (name: string, url: string): string => `#EXTINF:-1,${displayName(name)}\n${url}\n`
