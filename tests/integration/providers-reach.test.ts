import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import type { Credentials } from '@/lib/providers/schema'
import { itemsOf } from './catalogue-steps'
import { startWorld, type World } from './harness'

const HOME = '192.168.77.0/24'
let world: World
let viewer: Viewer
beforeAll(async () => {
  world = await startWorld({ env: { PRIVATE_NETWORKS: HOME } })
  const { configureSafeFetch } = await import('@/lib/platform/fetch')
  configureSafeFetch({
    ownHosts: [],
    loopbackAllowed: [`127.0.0.1:${world.provider.port}`],
    resolver: async () => [{ address: '192.168.77.1', family: 4 }],
  })
  viewer = await world.makeViewer()
})
afterAll(() => world.end())

const xtream: Credentials = {
  kind: 'xtream',
  base: 'http://lan.example',
  username: 'u',
  password: randomBytes(6).toString('hex'),
}

async function plant(ownerId: string | null, credentials: Credentials = xtream): Promise<number> {
  const { insertProvider } = await import('@/lib/providers/store')
  return insertProvider({
    ownerId,
    kind: credentials.kind,
    name: 'In the house',
    address: 'http://lan.example',
    refreshHours: 24,
    options: { privateNetworks: [], autoMerge: false, delivery: 'proxy' },
    credentials,
    playlistText: null,
    account: null,
  })
}

const codeOf = (outcome: Promise<unknown>) =>
  outcome.then(
    () => 'answered',
    (error: { code: string }) => error.code,
  )

describe.each([
  ['a platform provider', true],
  ['a provider of an account', false],
])('%s in a private network the server was given', (_, isPlatform) => {
  const owner = () => (isPlatform ? null : viewer.accountId)
  const told = (code: string) =>
    isPlatform ? expect(code).not.toBe('UPSTREAM_ADDRESS_BLOCKED') : expect(code).toBe('UPSTREAM_ADDRESS_BLOCKED')

  test('check and lists', async () => {
    const { getProviderForWork, policies, readPlaylist, signInAt, toLogin } = await import('@/lib/providers')
    const policy = { ...policies.check, headersMs: 700, totalMs: 700, retries: 0 }
    const login = toLogin(await getProviderForWork(await plant(owner())))
    if (!login) throw new Error('no login')
    told(await codeOf(signInAt(login, { policy })))
    const reach = { ownerId: owner(), options: login.options }
    told(await codeOf(readPlaylist({ url: 'http://list.example/a.m3u' }, { ...reach, known: false, policy }).next()))
  })

  test('stream', async () => {
    const { sealEntry, streamAddress } = await import('@/lib/providers')
    const networks = isPlatform ? [HOME] : []
    const source = { providerId: await plant(owner()), kind: 'channel' as const, providerItemId: '7' }
    expect((await streamAddress({ ...source, container: null, secretUrl: null })).privateNetworks).toEqual(networks)
    const list = await plant(owner(), { kind: 'm3u', playlistUrl: 'http://lan.example/a.m3u', guideUrl: null, salt: 's' })
    const entry = { ...source, providerId: list }
    const secretUrl = sealEntry(entry, { url: 'http://lan.example/7.ts', headers: {} })
    expect((await streamAddress({ ...entry, container: null, secretUrl })).privateNetworks).toEqual(networks)
  })

  test('picture', async () => {
    const { findPicture } = await import('@/lib/catalogue')
    const { getPicture } = await import('@/lib/platform/pictures')
    const { pool } = await import('@/lib/platform/db')
    const id = await plant(owner())
    const url = `http://lan.example/${id}.png`
    const { rows } = await pool().query<{ id: number }>(
      `INSERT INTO item (kind, owner_id, name, sort_name, match_key, image) VALUES ('channel', $1::uuid, 'A', 'a', 'a', $2) RETURNING id`,
      [owner(), url],
    )
    await pool().query(
      `INSERT INTO source (item_id, provider_id, kind, provider_item_id, name, position, match_key) VALUES ($1, $2, 'channel', '1', 'A', 0, 'a')`,
      [rows[0]?.id, id],
    )
    const found = await findPicture(viewer, (await itemsOf(id, 'channel'))[0]?.itemId ?? 0, 'poster')
    expect(found).toEqual({ url, privateNetworks: isPlatform ? [HOME] : [] })
    if (found) told(await codeOf(getPicture(found, 96)))
  })
})

test('a picture from the house is not handed to who may not reach it', async () => {
  const { getPicture } = await import('@/lib/platform/pictures')
  const url = `${world.providerUrl}/art/logo/news/House.png`
  expect((await getPicture({ url, privateNetworks: [HOME] }, 96)).length).toBeGreaterThan(50)
  const { configureSafeFetch } = await import('@/lib/platform/fetch')
  configureSafeFetch({ ownHosts: [], loopbackAllowed: [] })
  expect((await getPicture({ url, privateNetworks: [HOME] }, 96)).length).toBeGreaterThan(50)
  expect(await codeOf(getPicture({ url }, 96))).toBe('UPSTREAM_ADDRESS_BLOCKED')
})
