import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addProvider, importNow } from './catalogue-steps'
import { type GatewayWorld, type MadeLine, rawAnswer, rawGet, startGatewayWorld, until } from './gateway-world'
import { importGuideNow } from './guide-steps'

let world: GatewayWorld
let line: MadeLine

beforeAll(async () => {
  world = await startGatewayWorld()
  line = await world.makeLine({ providerIds: [world.providerId] })
})

afterAll(async () => {
  expect(world.failures).toEqual([])
  await world.endAll()
})

type Row = Record<string, unknown>
const list = async (action: string, of = line) => (await world.api(of, `&action=${action}`)) as Row[]
const url = (query: string, of = line) => `${world.base}/player_api.php?${of.query}${query}`
const playlist = async () => (await fetch(`${world.base}/get.php?${line.query}`)).text()
const facts = async () => (await import('@/lib/gateway')).answerFacts()

test('pictures have signed addresses of ours', async () => {
  const [channel] = await list('get_live_streams')
  const icon = new URL(String(channel?.stream_icon))
  const picture = await fetch(world.base + icon.pathname)
  expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/webp'])
  await picture.body?.cancel()
  const [, id = ''] = /\/images\/(\d+)-/.exec(icon.pathname) ?? []
  const other = icon.pathname.replace(`/images/${id}-`, `/images/${Number(id) + 1}-`)
  expect((await fetch(world.base + other)).status).toBe(404)
})

describe('answers from memory', () => {
  test('gzip, plain and 304 say the same', async () => {
    const plain = await fetch(url('&action=get_live_streams'), { headers: { 'accept-encoding': 'identity' } })
    const text = await plain.text()
    const etag = plain.headers.get('etag') ?? ''
    const packed = await rawGet(url('&action=get_live_streams'), { 'accept-encoding': 'gzip' })
    expect(gunzipSync(packed).toString()).toBe(text)
    const known = await fetch(url('&action=get_live_streams'), { headers: { 'if-none-match': etag } })
    expect([known.status, await known.text()]).toEqual([304, ''])
  })

  test.each(['get.php', 'panel_api.php'])('%s is sent once to each line and address, until it changes', async file => {
    const other = await world.makeLine({ providerIds: [world.providerId] })
    const ask = (of: MadeLine, headers: Record<string, string> = {}, method = 'GET') =>
      fetch(`${world.base}/${file}?${of.query}`, { method, headers })
    const first = await ask(line)
    const etag = first.headers.get('etag') ?? ''
    expect([first.status, etag.length > 20, (await first.text()).length > 1_000]).toEqual([200, true, true])
    const etagOf = async (of: MadeLine, method: string, headers = {}) => (await ask(of, headers, method)).headers.get('etag')
    expect([await etagOf(line, 'GET', { 'accept-encoding': 'identity' }), await etagOf(line, 'HEAD')]).toEqual([etag, etag])
    for (const method of ['GET', 'HEAD']) {
      for (const encoding of ['gzip', 'identity']) {
        const known = await ask(line, { 'if-none-match': `"else", ${etag}`, 'accept-encoding': encoding }, method)
        expect([known.status, known.headers.get('etag'), await known.text()]).toEqual([304, etag, ''])
      }
    }
    // Under another name it holds other addresses; another line has other credentials.
    const elsewhere = await rawAnswer(`${world.base}/${file}?${line.query}`, { host: 'tv.example:8443', 'if-none-match': etag })
    expect([elsewhere.status, elsewhere.headers.etag === etag]).toEqual([200, false])
    expect(await etagOf(other, 'HEAD')).not.toBe(etag)
    expect((await ask(other, { 'if-none-match': etag })).status).toBe(200)
    await world.control({ login: 'normal', addChannels: 1 })
    await importNow(world.viewer, world.providerId)
    await until(async () => (await etagOf(line, 'GET')) !== etag)
    expect((await ask(line, { 'if-none-match': etag })).status).toBe(200)
    const wrong = await fetch(`${world.base}/get.php?username=${line.line.username}&password=wrong`, {
      headers: { 'if-none-match': etag },
    })
    expect(wrong.status).not.toBe(304)
  })

  test('nothing is rendered for one who has the playlist already', async () => {
    const address = `${world.base}/get.php?${line.query}&type=m3u&key=movie`
    const { entries, misses } = await facts()
    const etag = (await fetch(address, { method: 'HEAD' })).headers.get('etag') ?? ''
    expect((await fetch(address, { headers: { 'if-none-match': etag } })).status).toBe(304)
    const after = await facts()
    expect([after.entries.length, after.misses]).toEqual([entries.length, misses])
    const whole = await fetch(address)
    expect([whole.headers.get('etag'), (await whole.text()).split('\n')[0]]).toEqual([etag, '#EXTM3U'])
    expect((await facts()).misses).toBe(misses + 1)
  })

  test('fifty questions at once are one rendering; lines that see the same share it, others do not', async () => {
    const other = await world.makeLine({ providerIds: [world.providerId] })
    const [category] = (await list('get_live_categories')) as { category_id: string }[]
    const before = await facts()
    const action = `get_live_streams&category_id=${category?.category_id}`
    await Promise.all(Array.from({ length: 50 }, (_, n) => list(action, n % 2 ? line : other)))
    const after = await facts()
    expect(after.entries.length - before.entries.length).toBe(1)
    const stranger = await world.makeLine({}, await world.makeViewer())
    expect(await list('get_live_streams', stranger)).toEqual([])
  })

  test('each origin has answers of its own; a name that is not ours gets our main one (B31)', async () => {
    const iconAt = async (host: string) =>
      String((JSON.parse((await rawGet(url('&action=get_live_streams'), { host })).toString()) as Row[])[0]?.stream_icon)
    expect(await iconAt('tv.example')).toMatch(/^http:\/\/tv\.example\/images/)
    expect(await iconAt('tv.example:8443')).toMatch(/^https:\/\/tv\.example:8443\/images/)
    expect(await iconAt('192.168.1.5:3000')).toMatch(/^http:\/\/192\.168\.1\.5:3000\/images/)
    expect(await iconAt('evil.example')).toMatch(/^http:\/\/tv\.example\/images/)
  })

  test('an import renders the new list before it is asked for, and only what it changed', async () => {
    const elsewhere = await addProvider(world, world.viewer, 'normal2')
    await importNow(world.viewer, elsewhere)
    const untouched = await world.makeLine({ providerIds: [elsewhere] })
    const count = (await list('get_live_streams')).length
    await list('get_live_streams', untouched)
    const ageOf = async (ids: number) => (await facts()).entries.find(({ key }) => key.includes(` ${ids} get_live_streams`))
    const hits = (await ageOf(elsewhere))?.hits
    await world.control({ login: 'normal', addChannels: 3 })
    await importNow(world.viewer, world.providerId)
    const misses = (await facts()).misses
    await until(async () => (await list('get_live_streams')).length === count + 3)
    expect((await facts()).misses).toBe(misses)
    await list('get_live_streams', untouched)
    expect((await ageOf(elsewhere))?.hits).toBe((hits ?? 0) + 1)
  })

  test('a line that may see less sees less, and no later renewal brings the rest back', async () => {
    const { updateDevice, renewAnswers } = await import('@/lib/gateway')
    const more = await addProvider(world, world.viewer, 'normal2')
    await importNow(world.viewer, more)
    const narrowed = await world.makeLine({ providerIds: [world.providerId, more] })
    const wide = (await list('get_live_streams', narrowed)).length
    await updateDevice(world.viewer, narrowed.id, { providerIds: [world.providerId] })
    await until(async () => (await list('get_live_streams', narrowed)).length < wide)
    const less = (await list('get_live_streams', narrowed)).length
    await renewAnswers()
    for (let n = 0; n < 5; n++) expect((await list('get_live_streams', narrowed)).length).toBe(less)
  })

  test('a hidden source and a merge show at once', async () => {
    const { setProviderShown } = await import('@/lib/profiles')
    const all = await world.makeLine()
    const before = (await list('get_live_streams', all)).length
    await setProviderShown(world.viewer, world.providerId, false)
    await until(async () => (await list('get_live_streams', all)).length < before)
    await setProviderShown(world.viewer, world.providerId, true)
    await until(async () => (await list('get_live_streams', all)).length === before)
    const [first, second] = await list('get_live_streams')
    const { mergeItems } = await import('@/lib/catalogue')
    await mergeItems(world.viewer, Number(first?.stream_id), Number(second?.stream_id))
    await until(async () => (await list('get_live_streams', all)).length === before - 1)
  })
})

test('a category that is renamed or emptied is so in every list, and what the new lists say was rendered before it was asked for', async () => {
  const before = await list('get_live_categories')
  const [first, second] = before
  const channels = await list('get_live_streams')
  const inFirst = async () => list(`get_live_streams&category_id=${first?.category_id}`)
  const moved = (await inFirst()).length
  expect(moved).toBeGreaterThan(0)
  await world.control({ login: 'normal', changeCategory: { id: 1, name: 'Called another way' } })
  const { misses } = await facts()
  await importNow(world.viewer, world.providerId)
  await until(async () => (await list('get_live_categories'))[0]?.category_name === 'Called another way')
  expect(await list('get_live_categories')).toEqual([{ ...first, category_name: 'Called another way' }, ...before.slice(1)])
  expect((await facts()).misses).toBe(misses)
  await until(async () => (await playlist()).includes('group-title="Called another way"'))
  await world.control({ login: 'normal', changeCategory: { id: 1, moveTo: 2 } })
  await importNow(world.viewer, world.providerId)
  await until(async () => (await list('get_live_categories')).length === before.length - 1)
  expect(await list('get_live_categories')).toEqual(before.slice(1))
  // Lists are rendered one after the other.
  await until(async () => (await list('get_live_streams')).every(({ category_id }) => category_id !== first?.category_id))
  const all = await list('get_live_streams')
  expect(all.map(({ stream_id }) => stream_id)).toEqual(channels.map(({ stream_id }) => stream_id))
  await until(async () => (await inFirst()).length === 0)
  await until(async () => (await list(`get_live_streams&category_id=${second?.category_id}`)).length >= moved)
})

test('what the provider files nowhere stands in a category of its own, after all others, in every list (protocols.md 8.50)', async () => {
  const before = await list('get_live_categories')
  const [first] = await list('get_live_streams')
  const inFirst = await list(`get_live_streams&category_id=${first?.category_id}`)
  // The fake numbers its categories in their order, and the first one is empty by now.
  await world.control({ login: 'normal', changeCategory: { id: 2, moveTo: 9_999 } })
  await importNow(world.viewer, world.providerId)
  await until(async () => (await list('get_live_categories')).at(-1)?.category_name === 'Uncategorised')
  const categories = await list('get_live_categories')
  const nowhere = String(categories.at(-1)?.category_id)
  expect(categories.slice(0, -1)).toEqual(before.filter(({ category_id }) => category_id !== first?.category_id))
  await until(async () => (await list('get_live_streams'))[0]?.category_id === nowhere)
  const rows = await list(`get_live_streams&category_id=${nowhere}`)
  expect(rows.map(({ stream_id }) => stream_id)).toEqual(inFirst.map(({ stream_id }) => stream_id))
  for (const { category_id: id, category_ids: ids } of rows) expect([id, ids]).toEqual([nowhere, [Number(nowhere)]])
  const known = new Set(categories.map(({ category_id }) => category_id))
  expect((await list('get_live_streams')).filter(({ category_id }) => !known.has(category_id))).toEqual([])
  // Each list is renewed by itself, and the old one stands until then.
  await until(async () => (await playlist()).includes('group-title="Uncategorised"'))
})

test('the guide file says the same packed and plain, and is written anew before anybody asks when the guide changes', async () => {
  await importGuideNow(world.providerId)
  const address = `${world.base}/xmltv.php?${line.query}`
  const packed = gunzipSync(await rawGet(address, { 'accept-encoding': 'gzip' })).toString()
  expect(packed).toContain('<programme ')
  expect(await (await fetch(address, { headers: { 'accept-encoding': 'identity' } })).text()).toBe(packed)
  expect(gunzipSync(await rawGet(`${address}&gzip=1`, {})).toString()).toBe(packed)
  const { env } = await import('@/lib/platform/env')
  const { pool } = await import('@/lib/platform/db')
  const { publish } = await import('@/lib/platform/bus')
  const names = async () => readdir(join(env().DATA_DIR, 'guides'))
  const before = await names()
  expect(before).toHaveLength(1)
  const { guideFacts } = await import('@/lib/gateway')
  const { entries: kept, hits, misses } = await guideFacts()
  expect([kept.length, kept[0]?.key.endsWith(' guide::'), kept[0]?.hits, hits, misses]).toEqual([1, true, 2, 2, 1])
  await pool().query("UPDATE programme SET title = 'Told another way'")
  const { rows } = await pool().query<{ id: number }>('UPDATE guide_source SET version = version + 1 RETURNING id')
  await publish('guide.changed', { sourceId: rows[0]?.id ?? 0, providerId: world.providerId })
  await until(
    async () => (await names()).length === 1 && (await names())[0] !== before[0] && !(await names())[0]?.endsWith('.part'),
  )
  const changed = gunzipSync(await rawGet(address, { 'accept-encoding': 'gzip' })).toString()
  expect(changed).toContain('Told another way')
})

test('a bouquet narrows lists, guide of titles and streams to its categories', async () => {
  const shared = await addProvider(world, world.viewer, 'normal', true)
  await importNow(world.viewer, shared)
  const open = await world.makeLine({ providerIds: [shared] })
  const [news, sport] = await list('get_live_categories', open)
  const { createBouquet } = await import('@/lib/catalogue')
  const bouquet = await createBouquet(world.viewer, { name: 'News only', categoryIds: [Number(news?.category_id)] })
  const narrow = await world.makeLine({ providerIds: [shared], bouquetIds: [bouquet.id] })
  expect(await list('get_live_categories', narrow)).toEqual([news])
  const rows = await list('get_live_streams', narrow)
  expect(new Set(rows.map(({ category_id }) => category_id))).toEqual(new Set([news?.category_id]))
  expect(await list('get_vod_streams', narrow)).toEqual([])
  const outside = (await list(`get_live_streams&category_id=${sport?.category_id}`, open))[0]
  const answer = await fetch(`${world.base}/live/${narrow.path}/${outside?.stream_id}.ts`)
  await answer.body?.cancel()
  expect(answer.status).toBe(404)
  const { deleteBouquet, updateBouquet } = await import('@/lib/catalogue')
  const { guideFacts } = await import('@/lib/gateway')
  const guide = async () => gunzipSync(await rawGet(`${world.base}/xmltv.php?${narrow.query}`, { 'accept-encoding': 'gzip' }))
  await guide()
  // Another category in its place: the lists that were asked for are there again before anybody asks.
  const { misses } = await facts()
  await updateBouquet(world.viewer, bouquet.id, { name: 'Sport only', categoryIds: [Number(sport?.category_id)] })
  const keys = async () => (await facts()).entries.map(({ key }) => key)
  await until(async () => (await keys()).some(key => key.endsWith(` ${shared}/${sport?.category_id} get_live_streams`)))
  expect((await keys()).filter(key => key.includes(`/${news?.category_id} `))).toEqual([])
  expect(new Set((await list('get_live_streams', narrow)).map(({ category_id }) => category_id))).toEqual(
    new Set([sport?.category_id]),
  )
  expect((await facts()).misses).toBe(misses)
  expect(await list('get_live_categories', narrow)).toEqual([sport])
  await until(async () =>
    (await guideFacts()).entries.some(({ key }) => key.endsWith(` ${shared}/${sport?.category_id} guide::`)),
  )
  const { misses: written } = await guideFacts()
  await guide()
  expect((await guideFacts()).misses).toBe(written)
  await updateBouquet(world.viewer, bouquet.id, { name: 'News only', categoryIds: [Number(news?.category_id)] })
  // Without its bouquet the line would see everything.
  await expect(deleteBouquet(world.viewer, bouquet.id)).rejects.toMatchObject({ code: 'CONFLICT' })
  // Everybody may hold a device of theirs to it; one that does not exist is not there.
  const viewer = await world.makeViewer()
  const held = await world.makeLine({ bouquetIds: [bouquet.id] }, viewer)
  expect(await list('get_live_categories', held)).toEqual([news])
  await expect(world.makeLine({ bouquetIds: [2_147_483_000] }, viewer)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('what the apps of a changed line will ask for is there before they do; a line that nobody uses costs nothing', async () => {
  const { followLine, guideFacts, renewAnswers, updateDevice } = await import('@/lib/gateway')
  const { shared } = await import('@/lib/platform/shared')
  const [one, two] = [await addProvider(world, world.viewer, 'normal2'), await addProvider(world, world.viewer, 'normal2')]
  for (const id of [one, two]) await importNow(world.viewer, id)
  const changed = await world.makeLine({ providerIds: [one] })
  const idle = await world.makeLine({ providerIds: [one] })
  const guide = async () => gunzipSync(await rawGet(`${world.base}/xmltv.php?${changed.query}`, { 'accept-encoding': 'gzip' }))
  const entriesOf = async () => (await fetch(`${world.base}/get.php?${changed.query}`)).text()
  const before = [await list('get_live_streams', changed), await entriesOf(), String(await guide())]
  // What only others ask for is theirs, be it the latest; and a line that cannot be found keeps none that waits from its turn.
  const other = await world.makeLine({ providerIds: [one] })
  await list('get_series', other)
  shared('gateway-left-sets', () => new Map<number, unknown>()).set(2 ** 40, { set: String(one), names: new Set() })
  await updateDevice(world.viewer, changed.id, { providerIds: [two], formats: ['m3u8'] })
  const keys = async () => [...(await facts()).entries, ...(await guideFacts()).entries].map(({ key }) => key)
  const wanted = ['get_live_streams', 'm3u:plus:m3u8:channel+movie+episode', 'guide::'].map(name => ` ${two} ${name}`)
  await until(async () => {
    const kept = await keys()
    return wanted.every(name => kept.some(key => key.endsWith(name)))
  })
  expect((await keys()).filter(key => key.endsWith(` ${two} get_series`))).toEqual([])
  const missed = async () => [(await facts()).misses, (await guideFacts()).misses]
  const misses = await missed()
  const after = [await list('get_live_streams', changed), await entriesOf(), String(await guide())]
  expect(await missed()).toEqual(misses)
  after.forEach((answer, n) => void expect(answer).not.toEqual(before[n]))
  // What it once asked for is renewed for what it is now.
  await renewAnswers()
  expect((await keys()).filter(key => key.endsWith(` ${two} m3u:plus:ts:channel+movie+episode`))).toEqual([])
  const kept = (await keys()).length
  await updateDevice(world.viewer, idle.id, { providerIds: [world.providerId, two] })
  await followLine(idle.id)
  expect((await keys()).length).toBe(kept)
})

test('episodes that are fetched later are in the playlists that hold episodes, and make nothing else anew', async () => {
  const { pool } = await import('@/lib/platform/db')
  const { forgetLineUps } = await import('@/lib/gateway')
  const id = await addProvider(world, world.viewer, 'normal2')
  await importNow(world.viewer, id)
  const of = await world.makeLine({ providerIds: [id] })
  const [series] = await list('get_series', of)
  const ask = (file: string, headers: Record<string, string> = {}) => fetch(`${world.base}/${file}${of.query}`, { headers })
  const etagsOf = async (...files: string[]) => {
    forgetLineUps()
    return Promise.all(files.map(async file => (await ask(file)).headers.get('etag') ?? ''))
  }
  const versions = async () =>
    (await pool().query('SELECT version, episode_version AS episodes FROM provider WHERE id = $1', [id])).rows[0]
  const fetchEpisodes = async () => {
    await pool().query('UPDATE item SET details_at = NULL WHERE id = $1', [series?.series_id])
    const { episodes } = (await world.api(of, `&action=get_series_info&series_id=${series?.series_id}`)) as { episodes: object }
    expect(Object.keys(episodes).length).toBeGreaterThan(0)
    return versions()
  }
  const others = ['get.php?key=movie&', 'panel_api.php?']
  const before = await versions()
  const [etag = '', ...stay] = await etagsOf('get.php?', ...others)
  const { episodes } = await fetchEpisodes()
  expect(episodes).toBeGreaterThan(before.episodes)
  await until(async () => (await etagsOf('get.php?'))[0] !== etag)
  expect(await etagsOf(...others)).toEqual(stay)
  const whole = await ask('get.php?', { 'if-none-match': etag })
  expect([whole.status, (await whole.text()).includes('/series/')]).toEqual([200, true])
  // The same once more is no change; another name is one.
  expect(await fetchEpisodes()).toEqual({ ...before, episodes })
  await pool().query("UPDATE item SET name = 'Called another way' WHERE parent_id = $1", [series?.series_id])
  expect(await fetchEpisodes()).toEqual({ ...before, episodes: episodes + 1 })
})
