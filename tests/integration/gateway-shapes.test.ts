import { afterAll, beforeAll, expect, test } from 'vitest'
import { type GatewayWorld, type MadeLine, startGatewayWorld } from './gateway-world'
import { importGuideNow } from './guide-steps'

// What strict apps fail on: one field of another type, and the whole list is gone (protocols.md 1.2, 2, 6.1, 9).

let world: GatewayWorld
let line: MadeLine

beforeAll(async () => {
  world = await startGatewayWorld()
  line = await world.makeLine({ providerIds: [world.providerId] })
  await importGuideNow(world.providerId)
})

afterAll(async () => {
  expect(world.failures).toEqual([])
  await world.endAll()
})

type Row = Record<string, unknown>
const list = async (action: string) => (await world.api(line, `&action=${action}`)) as Row[]

function typeOf(values: readonly unknown[]): string {
  const isAll = (is: (value: unknown) => boolean) => values.every(is)
  if (isAll(Array.isArray)) return `[${values.flat().length === 0 ? '' : typeOf(values.flat())}]`
  if (isAll(Number.isInteger)) return 'integer'
  if (isAll(value => typeof value === 'string' && /^\d+$/.test(value))) return 'digits'
  return [...new Set(values.map(value => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value)))]
    .sort()
    .join('|')
}

/** The type of each field over all rows: one row of another type, or without the field, is enough to make an app fail. */
function shapeOf(rows: readonly (Row | undefined)[]): Record<string, string> {
  const names = new Set(rows.flatMap(row => Object.keys(row ?? {})))
  return Object.fromEntries([...names].map(name => [name, typeOf(rows.map(row => row?.[name]))]))
}

const place = { category_id: 'digits', category_ids: '[integer]' }
const unused = { custom_sid: 'string', direct_source: 'string' }

test('login', async () => {
  const account = (await world.api(line)) as { user_info: Row; server_info: Row }
  expect(shapeOf([account.user_info])).toEqual({
    username: 'string',
    password: 'string',
    message: 'string',
    auth: 'integer',
    status: 'string',
    exp_date: 'digits',
    is_trial: 'digits',
    active_cons: 'digits',
    created_at: 'digits',
    max_connections: 'digits',
    allowed_output_formats: '[string]',
  })
  expect(shapeOf([account.server_info])).toEqual({
    url: 'string',
    port: 'digits',
    https_port: 'digits',
    server_protocol: 'string',
    rtmp_port: 'digits',
    timezone: 'string',
    timestamp_now: 'integer',
    time_now: 'string',
  })
  expect(account.server_info).toMatchObject({ url: '127.0.0.1', server_protocol: 'http', timezone: 'UTC' })
  const { time_now: clock, timestamp_now: epoch } = account.server_info
  expect(clock).toBe(new Date(Number(epoch) * 1_000).toISOString().slice(0, 19).replace('T', ' '))
  for (const action of ['get_profile', 'get_account_info', 'get_user_info', 'get_server_info', 'whatever']) {
    expect(await world.api(line, `&action=${action}`)).toHaveProperty('user_info.auth', 1)
  }
})

test('categories and channels', async () => {
  for (const kind of ['live', 'vod', 'series']) {
    const categories = await list(`get_${kind}_categories`)
    expect(shapeOf(categories)).toEqual({ category_id: 'digits', category_name: 'string', parent_id: 'integer' })
  }
  expect(shapeOf(await list('get_live_streams'))).toEqual({
    num: 'integer',
    name: 'string',
    stream_type: 'string',
    stream_id: 'integer',
    stream_icon: 'string',
    epg_channel_id: 'string',
    added: 'digits',
    is_adult: 'integer',
    ...place,
    tv_archive: 'integer',
    tv_archive_duration: 'integer',
    thumbnail: 'string',
    ...unused,
  })
})

const seriesShape = {
  name: 'string',
  title: 'string',
  year: 'digits',
  cover: 'string',
  plot: 'string',
  cast: 'string',
  director: 'string',
  genre: 'string',
  release_date: 'string',
  releaseDate: 'string',
  last_modified: 'digits',
  rating: 'string',
  rating_5based: 'number',
  backdrop_path: '[]',
  youtube_trailer: 'string',
  episode_run_time: 'digits',
  ...place,
}

test('movies and series', async () => {
  expect(shapeOf(await list('get_vod_streams'))).toEqual({
    num: 'integer',
    name: 'string',
    title: 'string',
    year: 'digits',
    stream_type: 'string',
    stream_id: 'integer',
    stream_icon: 'string',
    rating: 'string',
    rating_5based: 'number',
    added: 'digits',
    is_adult: 'integer',
    container_extension: 'string',
    ...place,
    ...unused,
  })
  const series = await list('get_series')
  expect(shapeOf(series)).toEqual({ num: 'integer', ...seriesShape, stream_type: 'string', series_id: 'integer' })
})

/** What the details of films and episodes have alike. */
const mediaShape = {
  tmdb_id: 'string',
  movie_image: 'string',
  cover_big: 'string',
  plot: 'string',
  release_date: 'string',
  releasedate: 'string',
  rating: 'string',
  duration_secs: 'integer',
  duration: 'string',
  bitrate: 'integer',
  video: 'object',
  audio: 'object',
}

test('a movie: info is an object; of what is not there it is an empty list', async () => {
  const movies = await list('get_vod_streams')
  const titles = (await Promise.all(
    movies.slice(0, 40).map(({ stream_id: id }) => world.api(line, `&action=get_vod_info&vod_id=${id}`)),
  )) as { info: Row; movie_data: Row }[]
  expect(shapeOf(titles.map(({ info }) => info))).toEqual({
    ...mediaShape,
    kinopoisk_url: 'string',
    name: 'string',
    o_name: 'string',
    episode_run_time: 'digits',
    youtube_trailer: 'string',
    director: 'string',
    actors: 'string',
    cast: 'string',
    description: 'string',
    age: 'digits',
    mpaa_rating: 'digits',
    rating_count_kinopoisk: 'integer',
    country: 'string',
    genre: 'string',
    backdrop_path: '[]',
    subtitles: '[]',
  })
  expect(shapeOf(titles.map(({ movie_data: data }) => data))).toEqual({
    stream_id: 'integer',
    name: 'string',
    title: 'string',
    year: 'digits',
    added: 'digits',
    container_extension: 'string',
    ...place,
    ...unused,
  })
  for (const [index, { movie_data: data }] of titles.entries()) {
    const { stream_id, container_extension, category_id } = movies[index] ?? {}
    expect(data).toMatchObject({ stream_id, container_extension, category_id })
  }
  expect(await world.api(line, '&action=get_vod_info&vod_id=2147483000')).toEqual({ info: [] })
})

test('a series: episodes is an object by season, ids of episodes are texts', async () => {
  const titles = (await Promise.all(
    (await list('get_series')).map(({ series_id: id }) => world.api(line, `&action=get_series_info&series_id=${id}`)),
  )) as { info: Row; seasons: Row[]; episodes: Record<string, Row[]> }[]
  expect(shapeOf(titles.map(({ info }) => info))).toEqual(seriesShape)
  expect(shapeOf(titles.flatMap(({ seasons }) => seasons))).toEqual({
    air_date: 'string',
    episode_count: 'integer',
    id: 'integer',
    name: 'string',
    overview: 'string',
    season_number: 'integer',
    cover: 'string',
    cover_big: 'string',
    vote_average: 'integer',
  })
  const episodes = titles.flatMap(title => Object.values(title.episodes).flat())
  expect(shapeOf(episodes)).toEqual({
    id: 'digits',
    episode_num: 'integer',
    title: 'string',
    container_extension: 'string',
    info: 'object',
    subtitles: '[]',
    added: 'digits',
    season: 'integer',
    ...unused,
  })
  expect(shapeOf(episodes.map(({ info }) => info as Row))).toEqual({ ...mediaShape, air_date: 'string', season: 'integer' })
  for (const { seasons, episodes: bySeason } of titles) {
    expect(seasons.map(({ season_number: number }) => String(number))).toEqual(Object.keys(bySeason))
  }
})

test('guide: `end` is the text that `stop` is, the timestamps are texts; the table says what is on and what is kept', async () => {
  const channels = await list('get_live_streams')
  const listings = async (action: string) =>
    (await Promise.all(channels.map(({ stream_id: id }) => world.api(line, `&action=${action}&stream_id=${id}`)))).flatMap(
      answer => (answer as { epg_listings: Row[] }).epg_listings,
    )
  const shape = {
    id: 'digits',
    epg_id: 'digits',
    title: 'string',
    lang: 'string',
    start: 'string',
    end: 'string',
    stop: 'string',
    description: 'string',
    channel_id: 'string',
    start_timestamp: 'digits',
    stop_timestamp: 'digits',
  }
  const short = await listings('get_short_epg')
  expect(shapeOf(short)).toEqual(shape)
  const table = await listings('get_simple_data_table')
  expect(shapeOf(table)).toEqual({ ...shape, now_playing: 'integer', has_archive: 'integer' })
  const states = new Set(table.map(({ now_playing: now, has_archive: kept }) => `${now}${kept}`))
  expect([...states].sort()).toEqual(['00', '01', '10'])
  const clock = (epoch: unknown) => new Date(Number(epoch) * 1_000).toISOString().slice(0, 19).replace('T', ' ')
  for (const row of [...short, ...table.slice(0, 500)]) {
    expect([row.start, row.end, row.stop]).toEqual([clock(row.start_timestamp), clock(row.stop_timestamp), row.end])
  }
})

test('panel_api: account, categories, and channels and movies by id', async () => {
  const panel = (await (await fetch(`${world.base}/panel_api.php?${line.query}`)).json()) as {
    categories: Row
    available_channels: Record<string, Row>
  }
  expect(panel).toHaveProperty('user_info.auth', 1)
  expect(panel.categories).toEqual({
    live: await list('get_live_categories'),
    movie: await list('get_vod_categories'),
    series: await list('get_series_categories'),
  })
  const lists = [...(await list('get_live_streams')), ...(await list('get_vod_streams'))]
  expect(new Set(Object.keys(panel.available_channels))).toEqual(new Set(lists.map(({ stream_id }) => String(stream_id))))
  const shape = {
    num: 'integer',
    name: 'string',
    stream_type: 'string',
    type_name: 'string',
    stream_id: 'digits',
    stream_icon: 'string',
    epg_channel_id: 'string',
    added: 'digits',
    category_name: 'string',
    category_id: 'digits',
    series_no: 'null',
    live: 'digits',
    container_extension: 'null',
    tv_archive: 'integer',
    tv_archive_duration: 'integer',
    ...unused,
  }
  const rows = Map.groupBy(Object.values(panel.available_channels), ({ stream_type }) => stream_type)
  expect(shapeOf(rows.get('live') ?? [])).toEqual(shape)
  expect(shapeOf(rows.get('movie') ?? [])).toEqual({ ...shape, epg_channel_id: 'null', container_extension: 'string' })
})
