import { entryId, type M3uEntry, readCatchUpRule, readPlaylistKeys, sealEntry, secretsIn, toInt, toText } from '@/lib/providers'
import { splitYear, toMatchKey, toSortName } from './match-key'
import { isAdultGroup, toContainer } from './normalise'
import { toSafePicture } from './safe-picture'
import { type Staged, stagedDefaults } from './staged'

const episodeMark = /^(.*?)[\s._-]*\bS(\d{1,3})[\s._-]*E(\d{1,4})\b(.*)$/i
const episodeTimes = /^(.*?)[\s._-]+(\d{1,2})x(\d{1,3})\b(.*)$/
const videoFile = /\.(mp4|mkv|avi|mov|m4v|wmv|flv|mpg|mpeg|webm|3gp)$/i
const MAX_ARCHIVE_DAYS = 366
const MAX_INT = 2_147_483_647

export interface M3uContext {
  providerId: number
  salt: string
  secrets: readonly string[]
  position: number
}

/** What an entry of a playlist is (protocols.md 4.3): an episode comes with its series. */
export type M3uItem = { kind: 'channel' | 'movie'; row: Staged } | { kind: 'episode'; row: Staged; series: Staged }

/** Films and series are told from channels by path, file ending and `S01E02`. */
export function normaliseEntry(entry: M3uEntry, context: M3uContext): M3uItem {
  const path = new URL(entry.url).pathname
  const isFile = videoFile.test(path) || /\/(movie|series)\//i.test(path)
  const found = isFile || /\/series\//i.test(path) ? (episodeMark.exec(entry.name) ?? episodeTimes.exec(entry.name)) : null
  if (found?.[1]?.trim()) return toEpisode(entry, context, found)
  return isFile ? { kind: 'movie', row: toMovie(entry, context, path) } : { kind: 'channel', row: toChannel(entry, context) }
}

function base(kind: 'channel' | 'movie' | 'episode', entry: M3uEntry, context: M3uContext): Staged {
  const { url, headers } = entry
  const providerItemId = entryId(context.salt, { url, headers })
  const name = toText(entry.name) ?? 'Unnamed'
  const catchUp = kind === 'channel' ? readCatchUpRule(entry.attributes) : null
  const keys = readPlaylistKeys(entry.properties)
  const year = kind === 'movie' ? splitYear(name).year : null
  return {
    ...stagedDefaults,
    providerItemId,
    position: context.position,
    name,
    sortName: toSortName(name),
    matchKey: toMatchKey(kind, name, year),
    year,
    image: toSafePicture(entry.attributes['tvg-logo'] ?? entry.attributes.logo, [...context.secrets, ...secretsIn(url)]),
    category: toText(entry.group, 120) ?? '',
    adult: isAdultGroup(entry.group ?? ''),
    renews: catchUp !== null || keys !== null,
    secretUrl: sealEntry(
      { providerId: context.providerId, kind, providerItemId },
      { url, headers, ...(catchUp ? { catchUp } : {}), ...(keys ? { keys } : {}) },
    ),
  }
}

function toChannel(entry: M3uEntry, context: M3uContext): Staged {
  const { attributes } = entry
  const number = toInt(attributes['tvg-chno'] ?? attributes['ch-number'] ?? attributes['channel-number'])
  const days = toInt(attributes['catchup-days'] ?? attributes.timeshift ?? attributes['tvg-rec']) ?? 0
  return {
    ...base('channel', entry, context),
    number: number !== null && number > 0 && number <= MAX_INT ? number : null,
    guideId: toText(attributes['tvg-id'] ?? attributes['channel-id'] ?? attributes['tvg-name'], 128),
    archiveDays: Math.min(MAX_ARCHIVE_DAYS, Math.max(0, days)),
  }
}

function toMovie(entry: M3uEntry, context: M3uContext, path: string): Staged {
  return { ...base('movie', entry, context), container: toContainer(/\.([a-z0-9]{2,5})$/i.exec(path)?.[1]) }
}

function toEpisode(entry: M3uEntry, context: M3uContext, found: RegExpExecArray): M3uItem {
  const show = toText(found[1]) ?? 'Unnamed'
  const key = toMatchKey('series', show, null)
  const title = toText(found[4]?.replace(/^[\s._-]+/, ''))
  const episode = base('episode', entry, context)
  const series: Staged = {
    ...stagedDefaults,
    providerItemId: `show:${key}`.slice(0, 64),
    position: context.position,
    name: show,
    sortName: toSortName(show),
    matchKey: key,
    year: splitYear(show).year,
    image: episode.image,
    category: episode.category,
    adult: episode.adult,
  }
  const path = new URL(entry.url).pathname
  const row: Staged = {
    ...episode,
    name: title ?? `Episode ${Number(found[3])}`,
    category: '',
    parent: series.providerItemId,
    season: Number(found[2]),
    episode: Number(found[3]),
    container: toContainer(/\.([a-z0-9]{2,5})$/i.exec(path)?.[1]),
  }
  return { kind: 'episode', row, series }
}
