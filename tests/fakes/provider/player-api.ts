import { accountPayload } from './accounts.ts'
import type { Channel } from './catalogue.ts'
import { distort, PHP_WARNING } from './distort.ts'
import { programmes } from './guide.ts'
import { sendDrip, sendPage, sendPieces } from './replies.ts'
import { categoryRow, channelRow, movieRow, panelChannels, programmeRow, seriesDetails, seriesRow, vodInfo } from './rows.ts'
import type { OddJson, WholeLists } from './scenarios.ts'
import type { Exchange, Login } from './world.ts'
import { behaviour } from './world.ts'

const NUMBERED: Record<string, string> = {
  200: 'get_vod_categories',
  201: 'get_live_categories',
  202: 'get_live_streams',
  203: 'get_vod_streams',
  204: 'get_series_info',
  205: 'get_short_epg',
  206: 'get_series_categories',
  207: 'get_simple_data_table',
  208: 'get_series',
  209: 'get_vod_info',
  get_simple_date_table: 'get_simple_data_table',
}
const DAY = 86_400
const TRUNCATED_BYTES = 20_000
const epochNow = () => Math.floor(Date.now() / 1000)

interface Listing {
  items: Iterable<{ category: number }>
  row: (item: never, num: number, origin: string) => unknown
}

function listingOf(login: Login, action: string): Listing | null {
  const c = login.catalogue
  if (action === 'get_live_streams') return { items: c.channels, row: channelRow }
  if (action === 'get_vod_streams') return { items: c.movies, row: movieRow }
  return action === 'get_series' ? { items: c.series, row: seriesRow } : null
}

/** Rows kept out of this answer by the scenario: a list that once comes back empty, or shorter from now on. */
function keptShare(x: Exchange, login: Login, action: string): number {
  const { refetch } = behaviour(x.world, login)
  const count = (login.fetches.get(action) ?? 0) + 1
  login.fetches.set(action, count)
  if (refetch === 'empty-once' && count === 2) return 0
  return refetch === 'shrink' && count >= 2 && action === 'get_vod_streams' ? 0.4 : 1
}

function* rowsOf(x: Exchange, login: Login, action: string, list: Listing): Generator<string> {
  const asked = Number(x.query.get('category_id') ?? 0)
  const category = Number.isFinite(asked) ? asked : 0
  const { shape, numbersFromOne } = behaviour(x.world, login)
  const share = category ? 1 : keptShare(x, login, action)
  let num = 0
  let written = 0
  yield '['
  for (const item of list.items) {
    num++
    if ((category && item.category !== category) || num % 10 >= share * 10) continue
    const shown = numbersFromOne && category ? written + 1 : num
    yield (written++ ? ',' : '') + JSON.stringify(distort(shape, list.row(item as never, shown, x.origin)))
  }
  yield ']'
}

const cached = new WeakMap<Login, Map<string, Buffer[]>>()

/** The huge lists are rendered once per address and then sent from memory, so that the provider is not what is measured. */
function* remembered(login: Login, key: string, pieces: Iterable<string>): Generator<string | Buffer> {
  const store = cached.get(login) ?? new Map<string, Buffer[]>()
  cached.set(login, store)
  const known = store.get(key)
  if (known) {
    yield* known
    return
  }
  const chunks: Buffer[] = []
  let text = ''
  for (const piece of pieces) {
    text += piece
    if (text.length < 262_144) continue
    chunks.push(Buffer.from(text))
    text = ''
    yield chunks.at(-1) ?? ''
  }
  chunks.push(Buffer.from(text))
  yield chunks.at(-1) ?? ''
  store.set(key, chunks)
}

function epgOf(x: Exchange, login: Login, channel: Channel | undefined, short: boolean): unknown[] {
  if (!channel) return []
  const now = epochNow()
  const { zone } = behaviour(x.world, login)
  const limit = Number(x.query.get('limit')) || 4
  const list = short ? programmes(channel, now, now + 2 * DAY).slice(0, limit) : programmes(channel, now - 7 * DAY, now + 3 * DAY)
  return list.map(p => programmeRow(p, channel, now, zone.minutes))
}

function epgAnswer(x: Exchange, login: Login, short: boolean): unknown {
  const asked = x.query.get('stream_id') ?? ''
  const rows = (id: string) => epgOf(x, login, login.catalogue.findChannel(Number(id)), short)
  if (!asked.includes(',') && !x.query.has('multi')) return { epg_listings: rows(asked) }
  return { epg_listings: Object.fromEntries(asked.split(',').map(id => [id, rows(id)])) }
}

function bareEpg(x: Exchange, login: Login): unknown {
  const channel = login.catalogue.findChannel(Number(x.query.get('stream_id')))
  if (!channel) return []
  const now = epochNow()
  const from = x.query.get('from_now') === '1' ? now : now - DAY
  return programmes(channel, from, now + DAY).map(p => ({ ...p, title: Buffer.from(p.title).toString('base64'), end: p.stop }))
}

function answer(x: Exchange, login: Login, action: string): unknown {
  const { catalogue } = login
  const id = (name: string) => Number(x.query.get(name))
  switch (action) {
    case 'get_live_categories':
      return catalogue.liveCategories.map(categoryRow)
    case 'get_vod_categories':
      return catalogue.vodCategories.map(categoryRow)
    case 'get_series_categories':
      return catalogue.seriesCategories.map(categoryRow)
    case 'get_vod_info': {
      const movie = catalogue.findMovie(id('vod_id'))
      return movie ? vodInfo(movie, x.origin) : { info: [] }
    }
    case 'get_series_info': {
      const series = catalogue.findSeries(id('series_id'))
      return series ? seriesDetails(series, x.origin) : { seasons: [], info: { name: null }, episodes: {} }
    }
    case 'get_short_epg':
      return epgAnswer(x, login, true)
    case 'get_simple_data_table':
      return epgAnswer(x, login, false)
    case 'get_epg':
      return bareEpg(x, login)
    default:
      return accountPayload(x, login)
  }
}

/** Answers that are not lists of rows, or rows made to catch a careless reader. */
function oddList(odd: OddJson): string[] {
  if (odd === 'deep') return ['['.repeat(1_000_000)]
  if (odd === 'html') return ['<html><body>Checking your browser</body></html>']
  if (odd === 'null') return ['null']
  if (odd === 'object') return ['{"0":{"num":1,"name":"Keyed","stream_id":1,"stream_type":"live","category_id":"1"}}']
  const trap =
    '{"num":1,"name":"Trap","stream_id":1001,"category_id":"1","__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}'
  return odd === 'cut' ? [`[${trap},${trap.slice(0, 30)}`] : [`[${trap}]`]
}

const isList = (action: string) => /^get_(live|vod|series|epg)/.test(action)

function bodyOf(x: Exchange, login: Login, action: string): Iterable<string | Buffer> {
  const { shape, status, catalogue, api, oddJson } = behaviour(x.world, login)
  if (api === 'bad-user-info') return ['{"user_info":null}']
  const warning = shape === 'wrong-types' ? PHP_WARNING : ''
  if (status !== 'Active' && isList(action)) return ['[]']
  const list = listingOf(login, action)
  if (!list) return [warning, JSON.stringify(distort(shape, answer(x, login, action)))]
  if (oddJson !== 'none') return oddList(oddJson)
  const rows = rowsOf(x, login, action, list)
  if (catalogue === 'huge') return remembered(login, `${action} ${x.query.get('category_id') ?? ''} ${x.origin}`, rows)
  return [warning, ...rows]
}

/** Whether this list is too much for the panel, and what it does then. */
function tooMuch(x: Exchange, login: Login, action: string): WholeLists {
  if (!listingOf(login, action)) return 'normal'
  const { wholeLists, lateCategories } = behaviour(x.world, login)
  const category = Number(x.query.get('category_id') ?? 0)
  if (!category) return wholeLists
  return lateCategories === 'all' || lateCategories.includes(category) ? 'timeout' : 'normal'
}

export async function servePlayerApi(x: Exchange, login: Login): Promise<void> {
  const asked = x.query.get('action') ?? ''
  const action = NUMBERED[asked] ?? asked
  const { failing, truncated, drip } = behaviour(x.world, login)
  const status = failing[action]
  if (status) {
    sendPage(x.res, status, `${status} Internal Server Error`)
    return
  }
  const trouble = tooMuch(x, login, action)
  if (trouble === 'hang') return
  if (trouble === 'timeout') {
    sendPage(x.res, 504, '504 Gateway Time-out')
    return
  }
  x.res.writeHead(200, { 'content-type': 'application/json' })
  if (trouble === 'stall') {
    x.res.write([...bodyOf(x, login, action)].join('').slice(0, TRUNCATED_BYTES))
    return
  }
  const body = bodyOf(x, login, action)
  if (drip) await sendDrip(x, [...body].join(''))
  else await sendPieces(x, body, truncated.includes(action) ? TRUNCATED_BYTES : undefined)
}

export async function servePanelApi(x: Exchange, login: Login): Promise<void> {
  if (x.query.has('action')) {
    await servePlayerApi(x, login)
    return
  }
  const { liveCategories, vodCategories, seriesCategories } = login.catalogue
  const categories = {
    live: liveCategories.map(categoryRow),
    movie: vodCategories.map(categoryRow),
    series: seriesCategories.map(categoryRow),
  }
  const everything = { ...accountPayload(x, login), categories, available_channels: panelChannels(login.catalogue, x.origin) }
  x.res.writeHead(200, { 'content-type': 'application/json' })
  await sendPieces(x, [JSON.stringify(everything)])
}
