import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import type { ProviderInput } from '@/lib/providers/schema'
import { startWorld, type World } from './harness'

let world: World
let viewer: Viewer
let rooms: typeof import('@/lib/providers')
beforeAll(async () => {
  world = await startWorld()
  viewer = await world.makeViewer()
  rooms = await import('@/lib/providers')
})
afterAll(() => world.end())

const input = (login: string, change: Partial<ProviderInput & { kind: 'xtream' }> = {}): ProviderInput => ({
  kind: 'xtream',
  name: login,
  address: world.providerUrl,
  username: login,
  password: 'pass',
  refreshHours: 24,
  platform: false,
  ...change,
})

const refusal = async (login: string, change: Partial<ProviderInput & { kind: 'xtream' }> = {}) => {
  const outcome = await rooms.createProvider(viewer, input(login, change)).catch((error: unknown) => error)
  return outcome as { code: string; field?: string; say: string; retryAfter?: number }
}

describe('what is wrong is said before anything is saved', () => {
  test.each([
    ['expired', 'PROVIDER_EXPIRED', 'username', /ran out .* on \d{4}/],
    ['banned', 'PROVIDER_BANNED', 'username', /banned/],
    ['disabled', 'PROVIDER_DISABLED', 'username', /switched/],
    ['html', 'PROVIDER_NOT_XTREAM', 'address', /does not speak Xtream/],
    ['blocked', 'PROVIDER_BLOCKS_US', undefined, /refuses connections/],
    ['null-info', 'PROVIDER_BAD_RESPONSE', 'address', /cannot read/],
  ])('%s', async (login, code, field, say) => {
    expect(await refusal(login)).toMatchObject({ code, field, say: expect.stringMatching(say) })
  })

  test('too many calls, with the time to wait', async () => {
    expect(await refusal('flood')).toMatchObject({ code: 'PROVIDER_BUSY', retryAfter: 7 })
  })

  test.each([['normal'], ['html404'], ['reserver']])('a wrong password at %s', async login => {
    expect(await refusal(login, { password: 'wrong' })).toMatchObject({ code: 'PROVIDER_REFUSED', field: 'password' })
  })

  test('a server that never answers, within the ten seconds of a call', async () => {
    const began = Date.now()
    expect(await refusal('hang')).toMatchObject({ code: 'UPSTREAM_TIMEOUT', field: 'address' })
    expect(Date.now() - began).toBeLessThan(12_000)
  })

  test('an address that is none, a private one and one where nobody is', async () => {
    expect(await refusal('normal', { address: 'two words' })).toMatchObject({ code: 'UPSTREAM_URL_INVALID', field: 'address' })
    expect(await refusal('normal', { address: 'http://10.0.0.1' })).toMatchObject({ code: 'UPSTREAM_ADDRESS_BLOCKED' })
    expect(await refusal('normal', { address: 'http://127.0.0.1:1' })).toMatchObject({ code: 'UPSTREAM_ADDRESS_BLOCKED' })
  })

  test('and nothing was saved', async () => {
    expect(await rooms.listProviders(viewer, [])).toEqual([])
  })
})

test('a slow server is given its time, and odd values are read', async () => {
  const slow = await rooms.createProvider(viewer, input('slow'))
  expect(slow.account).toMatchObject({ status: 'active', maxConnections: 5 })
  const odd = await rooms.createProvider(viewer, input('wrong-types'))
  expect(odd).toMatchObject({ account: { status: 'active' }, mine: true, shown: true, problem: null })
  const zone = await rooms.createProvider(viewer, input('madrid'))
  expect(zone.account?.clockOffsetMinutes).toBe(60)
})

test('a pasted link with credentials is understood, and no view holds a credential', async () => {
  const address = `${world.providerUrl}/get.php?username=normal&password=pass&type=m3u_plus`
  const view = await rooms.createProvider(viewer, input('normal', { address }))
  expect(view.address).toBe(world.providerUrl)
  expect(JSON.stringify(view)).not.toContain('pass')
})

test('a playlist by address, by text, and what is none', async () => {
  const shared = { kind: 'm3u' as const, name: 'List', refreshHours: 24 as const, platform: false }
  const byUrl = await rooms.createProvider(viewer, { ...shared, playlistUrl: `${world.providerUrl}/playlist.m3u` })
  expect(byUrl).toMatchObject({ kind: 'm3u', address: world.providerUrl, account: null })
  const byText = await rooms.createProvider(viewer, {
    ...shared,
    playlistText: '#EXTM3U\n#EXTINF:-1,A\nhttp://tv.example/1.ts\n',
  })
  expect(byText.address).toBe('Uploaded playlist')
  const bad = { ...shared, playlistUrl: `${world.providerUrl}/nothing.m3u` }
  await expect(rooms.createProvider(viewer, bad)).rejects.toMatchObject({ code: 'PLAYLIST_INVALID', field: 'playlistUrl' })
  await expect(rooms.createProvider(viewer, { ...shared, playlistText: '<html>' })).rejects.toMatchObject({
    code: 'PLAYLIST_INVALID',
    field: 'playlistText',
  })
  await expect(rooms.createProvider(viewer, shared)).rejects.toMatchObject({ field: 'playlistUrl' })
})

test('a change is checked too; an empty password stays', async () => {
  const { id } = await rooms.createProvider(viewer, input('normal'))
  await expect(rooms.updateProvider(viewer, id, { password: 'wrong' })).rejects.toMatchObject({ code: 'PROVIDER_REFUSED' })
  const renamed = await rooms.updateProvider(viewer, id, { name: 'New name', password: '', refreshHours: 6 })
  expect(renamed).toMatchObject({ name: 'New name', refreshHours: 6, problem: null })
  const moved = await rooms.updateProvider(viewer, id, { username: 'normal2' })
  expect(moved.account?.maxConnections).toBe(2)
})

test('auto-merge is off until asked for, and can be switched', async () => {
  const { id, autoMerge } = await rooms.createProvider(viewer, input('normal'))
  expect(autoMerge).toBe(false)
  expect((await rooms.updateProvider(viewer, id, { autoMerge: true })).autoMerge).toBe(true)
  expect((await rooms.updateProvider(viewer, id, { name: 'Same' })).autoMerge).toBe(true)
  expect((await rooms.updateProvider(viewer, id, { autoMerge: false })).autoMerge).toBe(false)
  expect((await rooms.createProvider(viewer, input('normal', { autoMerge: true }))).autoMerge).toBe(true)
})

test('an account that is full is told so before anybody is called', async () => {
  const full = await world.makeViewer()
  const { plantProvider } = await import('./catalogue-steps')
  for (let count = 0; count < 50; count++) await plantProvider(world, full, `normal.${count}`)
  await expect(rooms.createProvider(full, input('hang'))).rejects.toMatchObject({
    code: 'CONFLICT',
    field: 'name',
    say: expect.stringContaining('50 sources'),
  })
})

describe('strangers', () => {
  test('see nothing of it and change nothing', async () => {
    const { id } = await rooms.createProvider(viewer, input('normal'))
    const stranger = await world.makeViewer()
    const admin = await world.makeViewer({ role: 'admin' })
    for (const other of [stranger, admin]) {
      expect(await rooms.listProviders(other, [])).toEqual([])
      await expect(rooms.updateProvider(other, id, { name: 'Mine' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await expect(rooms.deleteProvider(other, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await expect(rooms.requireVisibleProvider(other, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
  })

  test('a platform provider is made and changed by admins and seen by everybody', async () => {
    const admin = await world.makeViewer({ role: 'admin' })
    await expect(rooms.createProvider(viewer, input('normal', { platform: true }))).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const { id } = await rooms.createProvider(admin, input('normal', { platform: true }))
    const seen = (await rooms.listProviders(viewer, [id])).find(provider => provider.id === id)
    expect(seen).toMatchObject({ platform: true, mine: false, shown: false })
    await expect(rooms.updateProvider(viewer, id, { name: 'x' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(rooms.deleteProvider(viewer, id)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await rooms.deleteProvider(admin, id)
    await expect(rooms.requireVisibleProvider(viewer, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
