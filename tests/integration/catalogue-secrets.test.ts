import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { importNow, itemsOf, plantProvider } from './catalogue-steps'
import { startWorld, type World } from './harness'

const canary = 'Canary-Secret-77'
let world: World
let viewer: Viewer
let lines = ''
beforeAll(async () => {
  world = await startWorld({ env: { LOG_LEVEL: 'debug' } })
  viewer = await world.makeViewer()
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = (chunk: string | Uint8Array) => {
    const text = chunk.toString()
    if (!text.startsWith('{"level"')) return write(chunk)
    lines += text
    return true
  }
})
afterAll(() => world.end())

/** Every text of every table, as the database holds it. */
async function everything(): Promise<string> {
  const { pool } = await import('@/lib/platform/db')
  const { rows } = await pool().query<{ name: string }>("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
  const dumps = await Promise.all(
    rows.map(({ name }) =>
      pool().query<{ text: string }>(`SELECT coalesce(string_agg(t::text, E'\\n'), '') AS text FROM "${name}" t`),
    ),
  )
  return dumps.map(dump => dump.rows[0]?.text ?? '').join('\n')
}

const playlist = (secret: string) => `#EXTM3U
#EXTINF:-1 tvg-id="a" tvg-logo="http://tv.example/logo.png?token=${secret}" group-title="News",Channel A
http://tv.example/live/user/${secret}/1.ts
#EXTINF:-1 group-title="News",Channel B
http://tv.example/${secret}/2.m3u8|User-Agent=Demo&X-Key=${secret}
#EXTINF:-1 group-title="Films",Film (2020)
http://tv.example/movie/user/${secret}/3.mkv
#EXTINF:-1 group-title="Shows",Show S01E01 First
http://tv.example/series/user/${secret}/4.mp4
#EXTINF:-1 group-title="Shows",Show S01E02 Second
http://tv.example/series/user/${secret}/5.mp4
`

async function addText(text: string): Promise<number> {
  const { createProvider } = await import('@/lib/providers')
  const shared = { kind: 'm3u' as const, name: 'List', refreshHours: 24 as const, platform: false }
  return (await createProvider(viewer, { ...shared, playlistText: text })).id
}

test('a playlist becomes channels, films, series and episodes; its addresses are sealed and play', async () => {
  const id = await addText(playlist(canary))
  const run = await importNow(viewer, id)
  expect(run).toMatchObject({ state: 'succeeded' })
  expect((await itemsOf(id, 'channel')).map(item => item.name)).toEqual(['Channel A', 'Channel B'])
  expect((await itemsOf(id, 'movie')).map(item => item.name)).toEqual(['Film (2020)'])
  expect((await itemsOf(id, 'series')).map(item => item.name)).toEqual(['Show'])
  expect((await itemsOf(id, 'episode')).map(item => item.name)).toEqual(['First', 'Second'])
  const { listSources, getItem } = await import('@/lib/catalogue')
  const { streamAddress } = await import('@/lib/providers')
  const [, second] = await itemsOf(id, 'channel')
  const [source] = await listSources(viewer, second?.itemId ?? 0)
  if (!source) throw new Error('no source')
  expect(await streamAddress(source)).toMatchObject({
    url: `http://tv.example/${canary}/2.m3u8`,
    hls: `http://tv.example/${canary}/2.m3u8`,
    headers: { 'user-agent': 'Demo', 'x-key': canary },
  })
  const [show] = await itemsOf(id, 'series')
  expect((await getItem(viewer, show?.itemId ?? 0)).seasons).toMatchObject([
    { number: 1, episodes: [{ name: 'First' }, { name: 'Second' }] },
  ])
  expect(await everything()).not.toContain(canary)
})

test('another password in the playlist keeps the items', async () => {
  const id = await addText(playlist(canary))
  await importNow(viewer, id)
  const before = (await itemsOf(id, 'channel')).map(item => item.itemId)
  const { updateProvider } = await import('@/lib/providers')
  await updateProvider(viewer, id, { playlistText: playlist(`${canary}-2`) })
  expect(await importNow(viewer, id)).toMatchObject({ state: 'succeeded' })
  expect((await itemsOf(id, 'channel')).map(item => item.itemId)).toEqual(before)
  expect((await itemsOf(id, 'episode')).length).toBe(2)
})

test('the odd playlist of the scripted provider is read as far as it goes', async () => {
  const { createProvider } = await import('@/lib/providers')
  const shared = { kind: 'm3u' as const, name: 'Odd', refreshHours: 24 as const, platform: false }
  const { id } = await createProvider(viewer, { ...shared, playlistUrl: `${world.providerUrl}/playlist-odd.m3u` })
  const run = await importNow(viewer, id)
  expect(run.state).toBe('succeeded')
  expect(run.parts.find(({ part }) => part === 'channels')?.dropped).toBeGreaterThanOrEqual(4)
  expect((await itemsOf(id, 'channel')).length).toBeGreaterThanOrEqual(10)
})

test('an Xtream login is in no table, no log line and no answer', async () => {
  const { insertProvider } = await import('@/lib/providers/store')
  const refused = await insertProvider({
    ownerId: viewer.accountId,
    kind: 'xtream',
    name: 'refused',
    address: world.providerUrl,
    refreshHours: 24,
    options: { privateNetworks: [], autoMerge: false, delivery: 'proxy' },
    credentials: { kind: 'xtream', base: world.providerUrl, username: 'normal', password: canary },
    playlistText: null,
    account: null,
  })
  await importNow(viewer, refused)
  const { listProviders, streamAddress } = await import('@/lib/providers')
  expect(JSON.stringify(await listProviders(viewer, []))).not.toContain(canary)
  const address = await streamAddress({
    providerId: refused,
    kind: 'channel',
    providerItemId: '7',
    container: null,
    secretUrl: null,
  })
  expect(address).toMatchObject({ url: `${world.providerUrl}/live/normal/${canary}/7.ts`, hls: expect.stringContaining('.m3u8') })
  const { log } = await import('@/lib/platform/log')
  log().warn({ err: new Error(`failed at ${address.url}`) }, 'probe')
  expect(lines).toContain('probe')
  expect(lines).not.toContain(canary)
  expect(await everything()).not.toContain(canary)
})

test('after a rotation every seal is of the newest key and still opens', async () => {
  const id = await plantProvider(world, viewer, 'normal.rotate')
  const { rotateSecrets, getProviderForWork } = await import('@/lib/providers')
  const { newKey } = await import('@/lib/platform/secrets')
  const { readFileSync, writeFileSync } = await import('node:fs')
  const { keyFile } = await import('@/lib/platform/secrets')
  const { forget } = await import('@/lib/platform/shared')
  writeFileSync(keyFile(), `${newKey()}\n${readFileSync(keyFile(), 'utf8')}`)
  forget('secret-keys')
  expect(await rotateSecrets()).toBeGreaterThan(5)
  expect(await rotateSecrets()).toBe(0)
  expect((await getProviderForWork(id)).credentials).toMatchObject({ password: 'pass' })
})
