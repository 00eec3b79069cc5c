import { parseM3U } from '@iptv/playlist'
import { parseXmltv } from '@iptv/xmltv'
import { Xtream } from '@iptv/xtream-api'
import { standardizedSerializer } from '@iptv/xtream-api/standardized'
import { parse as parseEpg } from 'epg-parser'
import playlistParser from 'iptv-playlist-parser'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { normalCatalogue } from '../fakes/provider/catalogue-normal'
import { programmes } from '../fakes/provider/guide'
import { itemsOf } from './catalogue-steps'
import { type ClientWorld, firstBytesOf, found, startClientWorld } from './client-steps'

// Clients that others wrote, as they are, against the gateway. What fails here fails in somebody's living room.

// @iptv/xtream-api reads wall clocks in the zone of its process; ours are UTC (protocols.md 2.7).
process.env.TZ = 'UTC'

let world: ClientWorld
/** What the provider itself would say: the truth that has to come out at the other end. */
const provider = normalCatalogue()
const HOUR = 3_600_000

beforeAll(async () => {
  expect(new Date().getTimezoneOffset()).toBe(0)
  world = await startClientWorld()
})

afterEach(() => world.hangUp())

afterAll(async () => {
  expect(world.failures).toEqual([])
  await world.endAll()
})

const account = () => ({ url: world.base, username: world.line.line.username, password: world.line.password })
const decoded = (text: string) => Buffer.from(text, 'base64').toString()
const truthOf = (guideId: string, from: number, to: number) =>
  programmes(found(provider.channels.find(({ epgId }) => epgId === guideId)), from / 1_000, to / 1_000)

describe('@iptv/xtream-api, answers as they are', () => {
  const client = () => new Xtream({ ...account(), preferredFormat: 'ts' })

  test('profile, server and lists', async () => {
    const xtream = client()
    expect(await xtream.getProfile()).toMatchObject({ username: world.line.line.username, auth: 1, status: 'Active' })
    expect(await xtream.getServerInfo()).toMatchObject({ timezone: 'UTC', port: new URL(world.base).port })
    const channels = await xtream.getChannels()
    expect(channels.map(({ name, epg_channel_id }) => [name, epg_channel_id])).toEqual(
      provider.channels.map(({ name, epgId }) => [name, epgId]),
    )
    const categories = await xtream.getChannelCategories()
    expect(categories.map(({ category_name }) => category_name)).toEqual(provider.liveCategories.map(({ name }) => name))
    const first = found(categories[0])
    expect(await xtream.getChannels({ categoryId: first.category_id })).toEqual(
      channels.filter(({ category_id }) => category_id === first.category_id).map((row, at) => ({ ...row, num: at + 1 })),
    )
    expect(await xtream.getMovies()).toHaveLength(provider.movies.length)
    expect(await xtream.getMovieCategories()).toHaveLength(provider.vodCategories.length)
    expect(await xtream.getShows()).toHaveLength(provider.series.length)
    expect(await xtream.getShowCategories()).toHaveLength(provider.seriesCategories.length)
  })

  test('titles; a film that does not exist is said to be missing', async () => {
    const xtream = client()
    const movie = await xtream.getMovie({ movieId: world.mp4.id })
    expect(movie).toMatchObject({ info: { name: world.mp4.name }, url: world.at('movie', `${world.mp4.id}.mp4`) })
    await expect(xtream.getMovie({ movieId: 2_147_483_000 })).rejects.toThrow('Movie Not Found')
    await expect(xtream.getShow({ showId: 2_147_483_000 })).rejects.toThrow('Show Not Found')
    const show = await xtream.getShow({ showId: world.episode.seriesId })
    const { seasons, perSeason } = found(provider.series.find(({ title }) => title === show.info.name))
    expect(show.seasons).toHaveLength(seasons)
    expect(Object.values(show.episodes).flat()).toHaveLength(seasons * perSeason)
  })

  test('what is on, and the whole guide of a channel', async () => {
    const xtream = client()
    const { epg_listings: short } = await xtream.getShortEPG({ channelId: world.channel.id, limit: 3 })
    const truth = truthOf(world.channel.guideId, Date.now(), Date.now() + 24 * HOUR).slice(0, 3)
    expect(short.map(row => [decoded(row.title), Number(row.start_timestamp), Number(row.stop_timestamp)])).toEqual(
      truth.map(({ title, start, stop }) => [title, start, stop]),
    )
    const { epg_listings: full } = await xtream.getFullEPG({ channelId: world.channel.id })
    expect(full.length).toBeGreaterThan(100)
    expect(full.filter(({ now_playing }) => now_playing === 1)).toHaveLength(1)
    const past = full.filter(({ has_archive }) => has_archive === 1)
    expect(past.length).toBeGreaterThan(10)
    for (const row of past) expect(Number(row.stop_timestamp)).toBeLessThanOrEqual(Date.now() / 1_000)
  })

  test('every address it makes opens', async () => {
    const xtream = client()
    await xtream.getChannels()
    const past = found(
      (await xtream.getFullEPG({ channelId: world.channel.id })).epg_listings.findLast(({ has_archive }) => has_archive === 1),
    )
    const channel = { type: 'channel', streamId: world.channel.id, extension: 'ts' } as const
    const timeshift = { start: new Date(Number(past.start_timestamp) * 1_000), duration: 1 }
    const addresses = [
      [xtream.generateStreamUrl(channel), 'ts'],
      [xtream.generateStreamUrl({ ...channel, timeshift }), 'ts'],
      [xtream.generateStreamUrl({ type: 'movie', streamId: world.mp4.id, extension: 'mp4' }), 'mp4'],
      [xtream.generateStreamUrl({ type: 'movie', streamId: world.mkv.id, extension: 'mkv' }), 'mkv'],
      [xtream.generateStreamUrl({ type: 'episode', streamId: world.episode.id, extension: 'mp4' }), 'mp4'],
    ] as const
    for (const [address, is] of addresses) {
      expect({ address, ...(await firstBytesOf(found(address))) }).toMatchObject({ status: 200, is })
    }
    await world.hangUp()
    const hls = new Xtream({ ...account(), preferredFormat: 'm3u8' })
    const playlist = await fetch(found(hls.generateStreamUrl({ ...channel, extension: 'm3u8' })))
    expect([playlist.status, (await playlist.text()).split('\n')[0]]).toEqual([200, '#EXTM3U'])
  })
})

describe('@iptv/xtream-api, its standardised answers', () => {
  const client = () => new Xtream({ ...account(), preferredFormat: 'ts', serializer: standardizedSerializer })

  test('account and lists', async () => {
    const xtream = client()
    const profile = await xtream.getProfile()
    expect(profile).toMatchObject({ id: world.line.line.username, isTrial: false, maxConnections: 20, status: 'Active' })
    expect(profile.expiresAt.getTime()).toBeGreaterThan(Date.now())
    expect(Math.abs((await xtream.getServerInfo()).timeNow.getTime() - Date.now())).toBeLessThan(5_000)
    const categories = new Set((await xtream.getChannelCategories()).map(({ id }) => id))
    const channels = await xtream.getChannels()
    expect(channels).toHaveLength(provider.channels.length)
    for (const { categoryIds, createdAt, url } of channels) {
      expect(categoryIds?.every(id => categories.has(id))).toBe(true)
      expect(createdAt.getTime()).toBeGreaterThan(0)
      expect(url).toMatch(/\.ts$/)
    }
    expect(channels.find(({ id }) => id === String(world.channel.id))).toMatchObject({
      tvArchive: true,
      tvArchiveDuration: world.channel.archiveDays,
      epgId: world.channel.guideId,
    })
    expect(await xtream.getMovies()).toHaveLength(provider.movies.length)
    expect(await xtream.getShows()).toHaveLength(provider.series.length)
  })

  test('titles', async () => {
    const xtream = client()
    const movie = await xtream.getMovie({ movieId: world.mp4.id })
    const told = found(provider.movies.find(({ title, year }) => [title, `${title} (${year})`].includes(world.mp4.name)))
    expect(movie).toMatchObject({ id: String(world.mp4.id), name: world.mp4.name, plot: told.plot, director: [told.director] })
    expect(movie.cast).toEqual(told.cast.split(', '))
    expect(movie.releaseDate?.getUTCFullYear()).toBe(told.year)
    const show = await xtream.getShow({ showId: world.episode.seriesId })
    const { seasons, perSeason } = found(provider.series.find(({ title }) => title === show.name))
    expect(show.seasons.map(({ episodes }) => episodes?.length)).toEqual(Array(seasons).fill(perSeason))
    expect(found(show.seasons[0]?.episodes?.[0])).toMatchObject({ id: world.episode.id, number: 1 })
  })

  test('guide', async () => {
    const xtream = client()
    const [now] = await xtream.getShortEPG({ channelId: world.channel.id })
    const [truth] = truthOf(world.channel.guideId, Date.now(), Date.now() + HOUR)
    expect([now?.title, now?.start.getTime()]).toEqual([truth?.title, found(truth).start * 1_000])
    // Its short guide wants the epoch that XUI panels have in `end`; ours is a text, as most other apps want (protocols.md 2.7).
    expect(now?.end.getTime()).toBeNaN()
    const table = await xtream.getFullEPG({ channelId: world.channel.id })
    const playing = found(table.find(({ nowPlaying }) => nowPlaying))
    expect([playing.title, playing.start.getTime(), playing.end.getTime()]).toEqual([
      truth?.title,
      found(truth).start * 1_000,
      found(truth).stop * 1_000,
    ])
  })
})

describe('M3U parsers', () => {
  const textOf = async (query: string) => (await fetch(world.playlist(query))).text()
  const liveAddress = /\/live\/[^/]+\/[^/]+\/(\d+)\.(ts|m3u8)$/

  test.each(['ts', 'm3u8'])('@iptv/playlist reads m3u_plus, output=%s', async output => {
    const { channels, headers } = parseM3U(await textOf(`&type=m3u_plus&output=${output}`))
    // It keeps header names as they are.
    expect(Object.values(headers ?? {})).toContain(world.xmltv())
    const live = channels.filter(({ url }) => liveAddress.test(url ?? ''))
    const groupOf = (id: number) => found(provider.liveCategories.find(category => category.id === id)).name
    expect(live.map(({ name, tvgId, tvgName, groupTitle }) => [name, tvgId, tvgName, groupTitle])).toEqual(
      provider.channels.map(({ name, epgId, category }) => [name, epgId, name, groupOf(category)]),
    )
    expect(channels.filter(({ url }) => url?.includes('/movie/'))).toHaveLength(provider.movies.length)
    const episodes = await itemsOf(world.providerId, 'episode')
    expect(episodes.length).toBeGreaterThan(0)
    expect(channels.filter(({ url }) => url?.includes('/series/'))).toHaveLength(episodes.length)
    for (const { tvgLogo } of live) expect(tvgLogo).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/images\//)
    const archived = found(live.find(({ tvgName }) => tvgName === world.channel.name))
    expect(archived).toMatchObject({
      catchup: 'default',
      catchupDays: String(world.channel.archiveDays),
      catchupSource: `${world.base}/timeshift/${world.line.path}/{duration:60}/\${start}/${world.channel.id}.${output}`,
    })
    expect(live.filter(({ catchup }) => catchup !== undefined)).toHaveLength(
      provider.channels.filter(({ archiveDays }) => archiveDays > 0).length,
    )
  })

  test('iptv-playlist-parser reads the same; a catch-up address with its gaps filled plays', async () => {
    const { header, items } = playlistParser.parse(await textOf('&type=m3u_plus&output=ts'))
    expect(header.attrs).toEqual({ 'url-tvg': world.xmltv(), 'x-tvg-url': world.xmltv() })
    const live = items.filter(({ url }) => liveAddress.test(url ?? ''))
    expect(live.map(({ name, tvg }) => [name, tvg.id])).toEqual(provider.channels.map(({ name, epgId }) => [name, epgId]))
    const archived = found(live.find(({ name }) => name === world.channel.name))
    expect(archived).toMatchObject({
      catchup: { type: 'default', days: String(world.channel.archiveDays) },
      timeshift: String(world.channel.archiveDays),
    })
    const start = String(Math.floor((Date.now() - 5 * HOUR) / 1_000))
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the mark of Kodi's catch-up addresses
    const address = archived.catchup.source.replace('{duration:60}', '1').replace('${start}', start)
    expect(await firstBytesOf(address)).toMatchObject({ status: 200, is: 'ts' })
  })

  test('plain m3u: names and addresses', async () => {
    const text = await textOf('&type=m3u&output=ts')
    expect(text).not.toContain('tvg-')
    const names = provider.channels.map(({ name }) => name)
    const own = parseM3U(text).channels.filter(({ url }) => liveAddress.test(url ?? ''))
    expect(own.map(({ name }) => name)).toEqual(names)
    const others = playlistParser.parse(text).items.filter(({ url }) => liveAddress.test(url ?? ''))
    expect(others.map(({ name, url }) => [name, url])).toEqual(own.map(({ name, url }) => [name, url]))
  })

  test('every address of a sample answers HEAD', async () => {
    const { items } = playlistParser.parse(await textOf('&type=m3u_plus&output=ts'))
    const sample = items.filter((_item, at) => at % 11 === 0)
    expect(sample.length).toBeGreaterThan(15)
    for (const { url, tvg } of sample) {
      const answers = await Promise.all([found(url), tvg.logo].map(address => fetch(address, { method: 'HEAD' })))
      expect([url, ...answers.map(({ status }) => status)]).toEqual([url, 200, 200])
    }
  })
})

describe('XMLTV parsers', () => {
  const ids = new Set(provider.channels.map(({ epgId }) => epgId))

  test('@iptv/xmltv: channels, programmes and their instants', async () => {
    const guide = parseXmltv(await (await fetch(world.xmltv())).text())
    expect(new Set(guide.channels?.map(({ id }) => id))).toEqual(ids)
    const own = (guide.programmes ?? []).filter(({ channel }) => channel === world.channel.guideId)
    const truth = truthOf(world.channel.guideId, Date.now() - 12 * HOUR, Date.now() + 12 * HOUR)
    const told = new Map(own.map(row => [row.start.getTime(), row]))
    for (const { start, stop, title, description } of truth) {
      const row = found(told.get(start * 1_000))
      expect([row.stop?.getTime(), row.title[0]?._value, row.desc?.[0]?._value]).toEqual([stop * 1_000, title, description])
    }
  })

  test('epg-parser: the same, and ids are those of the lists and of the playlist', async () => {
    const guide = parseEpg(await (await fetch(world.xmltv())).text())
    expect(new Set(guide.channels.map(({ id }) => id))).toEqual(ids)
    expect(new Set(guide.programs.map(({ channel }) => channel))).toEqual(ids)
    const truth = truthOf(world.channel.guideId, Date.now(), Date.now() + 6 * HOUR)
    const own = guide.programs.filter(({ channel }) => channel === world.channel.guideId)
    for (const { start, stop, title } of truth) {
      const row = found(own.find(programme => programme.start === new Date(start * 1_000).toISOString()))
      expect([row.stop, row.title[0]?.value]).toEqual([new Date(stop * 1_000).toISOString(), title])
    }
    const listed = (await world.api(world.line, '&action=get_live_streams')) as { epg_channel_id: string }[]
    const { channels } = parseM3U(await (await fetch(world.playlist('&key=live'))).text())
    expect(new Set(listed.map(({ epg_channel_id }) => epg_channel_id))).toEqual(ids)
    expect(new Set(channels.map(({ tvgId }) => tvgId))).toEqual(ids)
    // It mends bare `&`, so a correct `&amp;` reaches it as `&amp;amp;` (protocols.md 10): names are compared after that.
    const names = guide.channels.map(({ displayName }) => displayName[0]?.value?.replaceAll('&amp;', '&'))
    expect(new Set(names)).toEqual(new Set(provider.channels.map(({ name }) => name)))
  })
})
