import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import type { DrmInput, KeySystem } from '@/lib/playback/schema'
import { type LicenceServer, licenceFor, startLicenceServer } from '../fakes/licence'
import { TEST_MEDIA } from '../test-media'
import { importNow, itemsOf } from './catalogue-steps'
import { startWorld, type World } from './harness'
import { createWorld } from './playback-world'

const kid = '00112233445566778899aabbccddeeff'
const key = '0123456789abcdef0123456789abcdef'
const capabilities = { video: ['h264' as const], audio: ['aac' as const], containers: ['mp4' as const] }
const challenge = Buffer.from('a challenge of a browser')
const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64url')

let world: World
let licences: LicenceServer
let server: http.Server
let origin = ''
let viewer: Viewer
let stranger: Viewer
let itemId = 0
let foreignId = 0

const playback = () => import('@/lib/playback')

beforeAll(async () => {
  licences = await startLicenceServer()
  world = await startWorld({ mediaDir: TEST_MEDIA })
  const { configureSafeFetch } = await import('@/lib/platform/fetch')
  configureSafeFetch({ ownHosts: [], loopbackAllowed: [new URL(world.providerUrl).host, new URL(licences.url).host] })
  const { createGateway } = await import('@/lib/gateway')
  const { getRequestListener } = await import('@hono/node-server')
  const app = createGateway({ access: (await playback()).streamAccess('page'), isLoopedHop: () => false })
  server = http.createServer(getRequestListener(app.fetch))
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const list = await fetch(`${world.providerUrl}/player_api.php?username=normal&password=pass&action=get_vod_streams`)
  const [film] = (await list.json()) as { stream_id: number }[]
  const films = [{ kind: 'movie' as const, ids: [String(film?.stream_id)] }]
  const own = await createWorld(world.providerUrl, null, films, 'normal')
  const other = await createWorld(world.providerUrl, null, films, 'normal')
  viewer = own.viewer
  stranger = other.viewer
  itemId = own.item(0).id
  foreignId = other.item(0).id
})

afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await licences.close()
  await world.end()
})

const wanted = (more: Partial<DrmInput>): DrmInput => ({ servers: [], clearKeys: {}, packaged: false, ...more })

async function protect(system: KeySystem, path: string, more: Partial<DrmInput['servers'][number]> = {}): Promise<void> {
  const { updateDrm } = await playback()
  await updateDrm(
    viewer,
    itemId,
    wanted({ servers: [{ system, url: licences.url + path, form: 'generic', headers: {}, ...more }] }),
  )
}

/** Opens a session and answers where its player asks for a licence. */
async function licenceUrl(who = viewer, id = itemId): Promise<{ url: string; sessionId: string }> {
  const { openPlayback } = await playback()
  const view = await openPlayback(who, { itemId: id, capabilities })
  return { url: origin + (view.drm?.systems[0]?.licenceUrl ?? '/none'), sessionId: view.sessionId }
}

async function ask(url: string, body: Buffer | string = challenge, init: RequestInit = {}) {
  const response = await fetch(url, { method: 'POST', body: typeof body === 'string' ? body : Uint8Array.from(body), ...init })
  return { status: response.status, code: response.headers.get('x-error-code'), body: Buffer.from(await response.arrayBuffer()) }
}

/** The answer to a body that the server does not read to its end. */
function statusOfLong(url: string, length: number): Promise<number | undefined> {
  return new Promise(resolve => {
    const request = http.request(url, { method: 'POST', headers: { 'content-length': length } })
    request.on('response', response => resolve(response.resume().statusCode))
    // The server has answered and hung up while we were still sending.
    request.on('error', () => {})
    request.end(Buffer.alloc(length))
  })
}

describe('forms of vendors', () => {
  const token = { headers: { 'X-Token': 'canary-token' } }
  const rows: [string, KeySystem, string, Partial<DrmInput['servers'][number]>][] = [
    ['bytes as they are', 'com.widevine.alpha', '/generic', {}],
    ['a token in a header', 'com.widevine.alpha', '/token', token],
    ['PlayReady', 'com.microsoft.playready', '/playready', {}],
    ['Axinom', 'com.widevine.alpha', '/axinom', { form: 'axinom', headers: { 'X-AxDRM-Message': 'signed.jwt' } }],
    ['DRMtoday', 'com.widevine.alpha', '/drmtoday', { form: 'drmtoday' }],
    ['DRMtoday for FairPlay', 'com.apple.fps', '/drmtoday-fairplay', { form: 'drmtoday' }],
    [
      'DoveRunner for FairPlay',
      'com.apple.fps',
      '/doverunner-fairplay',
      { form: 'doverunner', headers: { 'pallycon-customdata-v2': 'x' } },
    ],
  ]
  test.each(rows)('%s', async (_name, system, path, more) => {
    await protect(system, path, more)
    const { url } = await licenceUrl()
    expect(await ask(url)).toEqual({ status: 200, code: null, body: licenceFor(challenge) })
  })

  test('the certificate of FairPlay', async () => {
    await protect('com.apple.fps', '/generic', { certificateUrl: `${licences.url}/certificate` })
    const { url } = await licenceUrl()
    expect(await (await fetch(`${url}/certificate`)).text()).toBe('certificate')
  })
})

test('a browser that has no key for it is told so before anything is opened; one that has not looked is asked to', async () => {
  const { openPlayback } = await playback()
  await protect('com.widevine.alpha', '/generic')
  const open = (keySystems: KeySystem[] | null) => openPlayback(viewer, { itemId, capabilities: { ...capabilities, keySystems } })
  const dialled = world.provider.stats.connections.normal?.opened
  await expect(open(null)).rejects.toMatchObject({ code: 'KEY_SYSTEMS_WANTED' })
  await expect(open(['org.w3.clearkey'])).rejects.toMatchObject({
    code: 'DRM_UNSUPPORTED',
    say: 'This is protected with Widevine, and this browser has only Clear Key.',
  })
  await expect(open([])).rejects.toMatchObject({ say: 'This is protected with Widevine, and this browser has no such key.' })
  expect(world.provider.stats.connections.normal?.opened).toBe(dialled)
  expect((await open(['com.widevine.alpha'])).drm?.systems).toHaveLength(1)
})

describe('keys of our own', () => {
  test('Clear Key gets the keys of this item, and no other', async () => {
    const { updateDrm } = await playback()
    await updateDrm(viewer, itemId, wanted({ clearKeys: { [kid]: key } }))
    const { url } = await licenceUrl()
    const right = await ask(url, JSON.stringify({ kids: [base64(kid), base64('f'.repeat(32))], type: 'temporary' }))
    expect(JSON.parse(right.body.toString())).toEqual({
      keys: [{ kty: 'oct', kid: base64(kid), k: base64(key) }],
      type: 'temporary',
    })
    expect((await ask(url, JSON.stringify({ kids: [base64('f'.repeat(32))] }))).code).toBe('LICENCE_REFUSED')
    expect((await ask(url, 'no question')).code).toBe('LICENCE_INVALID')
  })

  test('a film that we protect gets a key, and keeps it when it is saved again', async () => {
    const { updateDrm } = await playback()
    const first = await updateDrm(viewer, itemId, wanted({ packaged: true }))
    const second = await updateDrm(viewer, itemId, wanted({ packaged: true }))
    expect(first.keyIds).toHaveLength(1)
    expect(second.keyIds).toEqual(first.keyIds)
  })
})

describe('keys that a playlist brings', () => {
  test.each([
    ['pairs', `${kid}:${key}`],
    ['a set of web keys', JSON.stringify({ keys: [{ kty: 'oct', kid: base64(kid), k: base64(key) }] })],
  ])('%s reach the player through the licence address of its session, and nothing else does', async (_name, written) => {
    const { createProvider } = await import('@/lib/providers')
    const lines = [
      '#KODIPROP:inputstream.adaptive.license_type=clearkey',
      `#KODIPROP:inputstream.adaptive.license_key=${written}`,
    ]
    const stream = (number: number) => `${world.providerUrl}/live/normal/pass/${number}.ts`
    const playlistText = ['#EXTM3U', '#EXTINF:-1,Locked', ...lines, stream(1), '#EXTINF:-1,Open', stream(2)].join('\n')
    const input = { kind: 'm3u' as const, name: 'Keys', refreshHours: 24 as const, platform: false, playlistText }
    const { id } = await createProvider(viewer, input)
    await importNow(viewer, id)
    const rows = await itemsOf(id, 'channel')
    const itemOf = (name: string) => rows.find(row => row.name === name)?.itemId ?? 0
    const { openPlayback } = await playback()
    const locked = await openPlayback(viewer, { itemId: itemOf('Locked'), capabilities })
    expect(locked.drm?.systems.map(({ system }) => system)).toEqual(['org.w3.clearkey'])
    expect(locked.drm?.hasGivenKeys).toBe(true)
    expect(JSON.stringify(locked)).not.toContain(key)
    const answer = await ask(
      origin + locked.drm?.systems[0]?.licenceUrl,
      JSON.stringify({ kids: [base64(kid)], type: 'temporary' }),
    )
    expect(JSON.parse(answer.body.toString()).keys).toEqual([{ kty: 'oct', kid: base64(kid), k: base64(key) }])
    expect((await openPlayback(viewer, { itemId: itemOf('Open'), capabilities })).drm).toBeNull()
  })
})

describe('what is refused', () => {
  test('ten wrong requests', async () => {
    await protect('com.widevine.alpha', '/generic')
    const { updateDrm, closePlayback } = await playback()
    await updateDrm(
      stranger,
      foreignId,
      wanted({ servers: [{ system: 'com.widevine.alpha', url: `${licences.url}/generic`, form: 'generic', headers: {} }] }),
    )
    const { url, sessionId } = await licenceUrl()
    const foreign = await licenceUrl(stranger, foreignId)
    const [, , , token = '', system = ''] = new URL(url).pathname.split('/')
    const [, , , foreignToken = ''] = new URL(foreign.url).pathname.split('/')
    const mixed = token
      .split('.')
      .with(2, foreignToken.split('.')[2] ?? '')
      .join('.')
    const before = licences.asked.length
    const answers = {
      'an address of its own': (await ask(`${url}?url=${licences.url}/generic`)).code,
      'another system': (await ask(url.replace(system, 'com.apple.fps'))).code,
      'a system that is none': (await ask(url.replace(system, '__proto__'))).code,
      'a token of something else': (await ask(url.replace(token, 'v1.x.y.z'))).code,
      'the asset of another account': (await ask(url.replace(token, mixed))).code,
      nothing: (await ask(url, Buffer.alloc(0))).code,
      'a byte too much': (await ask(url, Buffer.alloc(65_537))).code,
      'a megabyte': await statusOfLong(url, 2 ** 20),
      'a look instead of a question': (await fetch(url)).status,
      'another site': (await ask(url, challenge, { headers: { 'sec-fetch-site': 'cross-site' } })).code,
    }
    expect(answers).toEqual({
      'an address of its own': 'INVALID_PARAMETER',
      'another system': 'NOT_FOUND',
      'a system that is none': 'NOT_FOUND',
      'a token of something else': 'TOKEN_INVALID',
      'the asset of another account': 'TOKEN_INVALID',
      nothing: 'LICENCE_INVALID',
      'a byte too much': 'LICENCE_TOO_LARGE',
      'a megabyte': 413,
      'a look instead of a question': 404,
      'another site': 'BAD_ORIGIN',
    })
    expect(licences.asked.length).toBe(before)
    await closePlayback(viewer, sessionId)
    expect((await ask(url)).code).toBe('STREAM_ENDED')
  })

  test.each([
    ['/page', 'UPSTREAM_NOT_MEDIA'],
    ['/empty', 'UPSTREAM_EMPTY'],
    ['/huge', 'UPSTREAM_TOO_LARGE'],
    ['/elsewhere', 'UPSTREAM_TOO_MANY_REDIRECTS'],
    ['/broken', 'UPSTREAM_PROTOCOL_ERROR'],
    ['/refused', 'LICENCE_REFUSED'],
  ])('a licence server that answers with %s', async (path, code) => {
    await protect('com.widevine.alpha', path)
    const { url } = await licenceUrl()
    expect((await ask(url)).code).toBe(code)
  })

  test('an address inside our own network', async () => {
    const { updateDrm } = await playback()
    await updateDrm(
      viewer,
      itemId,
      wanted({ servers: [{ system: 'com.widevine.alpha', url: 'http://127.0.0.2:1/', form: 'generic', headers: {} }] }),
    )
    expect((await ask((await licenceUrl()).url)).code).toBe('UPSTREAM_ADDRESS_BLOCKED')
  })

  test('too many questions in a minute', async () => {
    await protect('com.widevine.alpha', '/generic')
    const { url } = await licenceUrl()
    const codes = await Promise.all(Array.from({ length: 80 }, () => ask(url).then(({ code }) => code)))
    expect(codes.filter(code => code === 'TOO_MANY_REQUESTS').length).toBeGreaterThan(0)
  })
})

test('the settings belong to whoever owns the item, and show no secret', async () => {
  const { getDrm, updateDrm, removeDrm } = await playback()
  await protect('com.widevine.alpha', '/token', { headers: { 'X-Token': 'canary-token' } })
  const view = await getDrm(viewer, itemId)
  expect(view).toEqual({
    servers: [
      {
        system: 'com.widevine.alpha',
        host: new URL(licences.url).host,
        form: 'generic',
        headers: ['X-Token'],
        hasCertificate: false,
      },
    ],
    keyIds: [],
    packaged: false,
  })
  await expect(getDrm(stranger, itemId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(updateDrm(stranger, itemId, wanted({}))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(removeDrm(stranger, itemId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await removeDrm(viewer, itemId)
  expect(await getDrm(viewer, itemId)).toEqual({ servers: [], keyIds: [], packaged: false })
})
