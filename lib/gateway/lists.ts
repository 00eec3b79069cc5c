import 'server-only'
import type { LineRecord } from '@/lib/accounts'
import { type LineUp, listCategoriesForApps, listEpisodesForApps, listForApps } from '@/lib/catalogue'
import { createRenewal } from '@/lib/kernel/turns'
import { env } from '@/lib/platform/env'
import { shared } from '@/lib/platform/shared'
import { type Answer, AnswerCache, type CacheFacts, type Describe, stampOf } from './answer-cache'
import { answerKey, forgetLineUps, lineUpOf, newestLineUp, noteAsked, peekLineUp } from './line-ups'
import type { Origin } from './origin'
import { renderCategory, renderChannel, renderMovie, renderSeries } from './render-lists'
import { renderChannelEntry, renderEpisodeEntry, renderMovieEntry } from './render-m3u'
import { renderPanelChannel, renderPanelMovie } from './render-panel'

const cache = () => shared('gateway-answers', () => new AnswerCache(env().ANSWER_CACHE_MB * 2 ** 20))

export const answerFacts = (): CacheFacts => cache().facts()

/** Something that lists are made of has changed: forget who sees what, then make anew what apps ask for. */
export async function renewAnswers(): Promise<void> {
  forgetLineUps()
  await shared('gateway-renewal', () => createRenewal(() => cache().renew()))()
}

/** What is kept of a set that a line has left is made of what it sees now, before its apps ask. */
export const followAnswers = (isOf: (key: string) => boolean, line: LineRecord): Promise<void> => cache().follow(isOf, line)

export const listActions = {
  get_live_categories: 'channel',
  get_vod_categories: 'movie',
  get_series_categories: 'series',
  get_live_streams: 'channel',
  get_vod_streams: 'movie',
  get_series: 'series',
} as const
export type ListAction = keyof typeof listActions

export const isListAction = (action: string): action is ListAction => Object.hasOwn(listActions, action)

interface Wanted {
  line: LineRecord
  origin: Origin
}

/** A list of player_api.php. Lines that see the same share its bytes. */
export async function listAnswer(wanted: Wanted, action: ListAction, categoryId: number | null): Promise<Answer> {
  const rows = (lineUp: LineUp) => jsonArray(rowsOf(lineUp, action, { categoryId, origin: wanted.origin.href }))
  return (await offer(wanted, { name: () => nameOf(action, categoryId), render: rows, packs: true })).make()
}

/** The list when it is there, newest version, without waiting; null otherwise. */
export function peekList(wanted: Wanted, action: ListAction, categoryId: number | null): Answer | null {
  const lineUp = peekLineUp(wanted.line)
  if (lineUp === null) return null
  const asked = { origin: wanted.origin.href, name: nameOf(action, categoryId) }
  const answer = cache().peek(answerKey(asked.origin, lineUp.key, asked.name), lineUp.version)
  if (answer !== null) noteAsked(wanted.line, lineUp.key, asked)
  return answer
}

const nameOf = (action: ListAction, categoryId: number | null): string =>
  categoryId === null ? action : `${action}:${categoryId}`

/** A list that is completed for each reader. It need not be made for one who has it already. */
export interface Offer {
  /** Names what the newest one says. */
  stamp: string
  make(): Promise<Answer>
  /** A reader has it: if it is kept here as well, it is in use, so it stays, and is made anew when it is out of date. */
  note(): void
}

export interface PlaylistWish {
  plus: boolean
  live: 'ts' | 'm3u8'
  kinds: readonly ('channel' | 'movie' | 'episode')[]
}

/** The entries of get.php, with a mark where the line's credentials belong. */
export function offerPlaylist(wanted: Wanted, wish: PlaylistWish): Promise<Offer> {
  return offer(wanted, {
    // A line that may not have this form any more asks for its other one.
    name: ({ formats }) => playlistName({ ...wish, live: liveOf(wish, formats) }),
    render: (lineUp, { formats }) => playlistEntries(lineUp, { ...wish, live: liveOf(wish, formats) }, wanted.origin.href),
    version: wish.kinds.includes('episode') ? withEpisodes : plainVersion,
    packs: false,
  })
}

const plainVersion = ({ version }: LineUp): string => version
const withEpisodes = ({ version, episodeVersion }: LineUp): string => `${version};${episodeVersion}`

const playlistName = ({ plus, live, kinds }: PlaylistWish): string => `m3u:${plus ? 'plus' : 'plain'}:${live}:${kinds.join('+')}`
const liveOf = ({ live }: PlaylistWish, formats: LineRecord['formats']): PlaylistWish['live'] =>
  formats.includes(live) ? live : (formats[0] ?? live)

/**
 * `categories` and `available_channels` of panel_api.php, to stand behind the account's part. What moves no version of the
 * line-up may not stand in here: apps would be told that nothing is new.
 */
export const offerPanel = (wanted: Wanted): Promise<Offer> =>
  offer(wanted, { name: () => 'panel', render: lineUp => panelParts(lineUp, wanted.origin.href), packs: false })

interface Listed {
  /** Among the answers of one set of what may be seen. */
  name(line: LineRecord): string
  render(lineUp: LineUp, line: LineRecord): AsyncIterable<string>
  /** Where more than the line-up's own counts. */
  version?(lineUp: LineUp): string
  packs: boolean
}

async function offer({ line, origin: { href: origin } }: Wanted, listed: Listed): Promise<Offer> {
  const { name, version: versionOf = plainVersion, packs } = listed
  const lineUp = await lineUpOf(line)
  const key = answerKey(origin, lineUp.key, name(line))
  const version = versionOf(lineUp)
  noteAsked(line, lineUp.key, { origin, name: name(line) })
  const recipe: Describe = async (asker = line) => {
    const newest = await newestLineUp(asker)
    const render = () => listed.render(newest.lineUp, newest.line)
    return { key: answerKey(origin, newest.lineUp.key, name(newest.line)), version: versionOf(newest.lineUp), render, packs }
  }
  return {
    stamp: stampOf(key, version),
    make: () => cache().get(key, version, recipe),
    note: () => void cache().peek(key, version),
  }
}

async function* rowsOf(
  lineUp: LineUp,
  action: ListAction,
  { categoryId, origin }: { categoryId: number | null; origin: string },
): AsyncGenerator<object[]> {
  const kind = listActions[action]
  if (action.endsWith('_categories')) {
    yield (await listCategoriesForApps(lineUp, kind)).map(renderCategory)
    return
  }
  const render = { channel: renderChannel, movie: renderMovie, series: renderSeries }[kind]
  let num = 0
  for await (const items of listForApps(lineUp, kind, categoryId)) yield items.map(item => render(item, ++num, origin))
}

async function* jsonArray(batches: AsyncIterable<object[]>): AsyncGenerator<string> {
  yield '['
  let isFirst = true
  for await (const batch of batches) {
    if (batch.length === 0) continue
    yield `${isFirst ? '' : ','}${batch.map(row => JSON.stringify(row)).join(',')}`
    isFirst = false
  }
  yield ']'
}

async function* panelParts(lineUp: LineUp, origin: string): AsyncGenerator<string> {
  const kinds = { live: 'channel', movie: 'movie', series: 'series' } as const
  const categories: Record<string, object[]> = {}
  for (const [name, kind] of Object.entries(kinds)) {
    categories[name] = (await listCategoriesForApps(lineUp, kind)).map(renderCategory)
  }
  yield `"categories":${JSON.stringify(categories)},"available_channels":{`
  let num = 0
  for (const [kind, render] of [['channel', renderPanelChannel] as const, ['movie', renderPanelMovie] as const]) {
    const groups = await groupNames(lineUp, kind)
    for await (const items of listForApps(lineUp, kind, null)) {
      const rows = items.map(item => {
        const comma = num++ === 0 ? '' : ','
        return `${comma}"${item.id}":${JSON.stringify(render(item, num, { group: groups(item.categoryId), origin }))}`
      })
      yield rows.join('')
    }
  }
  yield '}}'
}

async function* playlistEntries(lineUp: LineUp, wish: PlaylistWish, origin: string): AsyncGenerator<string> {
  const options = { origin, plus: wish.plus, live: wish.live }
  if (wish.kinds.includes('channel')) {
    const groups = await groupNames(lineUp, 'channel')
    let num = 0
    for await (const items of listForApps(lineUp, 'channel', null)) {
      yield items.map(item => renderChannelEntry(item, { num: ++num, group: groups(item.categoryId), options })).join('')
    }
  }
  if (wish.kinds.includes('movie')) {
    const groups = await groupNames(lineUp, 'movie')
    for await (const items of listForApps(lineUp, 'movie', null)) {
      yield items.map(item => renderMovieEntry(item, groups(item.categoryId), options)).join('')
    }
  }
  if (!wish.kinds.includes('episode')) return
  const groups = await groupNames(lineUp, 'series')
  for await (const items of listEpisodesForApps(lineUp)) {
    yield items.map(item => renderEpisodeEntry(item, groups(item.categoryId), options)).join('')
  }
}

async function groupNames(lineUp: LineUp, kind: 'channel' | 'movie' | 'series'): Promise<(id: number | null) => string> {
  const names = new Map((await listCategoriesForApps(lineUp, kind)).map(({ id, name }) => [id, name]))
  return id => (id === null ? '' : (names.get(id) ?? ''))
}
