import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { AppError } from '@/lib/kernel/errors'
import { configureSafeFetch, safeFetchSettings } from '@/lib/platform/fetch'
import { ProviderInput } from '@/lib/providers/schema'
import { importNow, itemsOf, plantProvider } from './catalogue-steps'
import { startWorld, type World } from './harness'

let world: World
let viewer: Viewer
let lookups: string[] = []

beforeAll(async () => {
  world = await startWorld()
  viewer = await world.makeViewer()
  const settings = safeFetchSettings()
  configureSafeFetch({
    ...settings,
    ownHosts: ['tv.example'],
    resolver: async hostname => {
      lookups.push(hostname)
      throw new AppError('UPSTREAM_DNS')
    },
  })
})

afterAll(() => world.end())

/** As the route does it: the schema first. */
async function codeOf(form: Record<string, unknown>): Promise<[number, string]> {
  const { createProvider } = await import('@/lib/providers')
  const parsed = ProviderInput.safeParse({ name: 'Corpus', ...form })
  if (!parsed.success) return [400, 'INVALID_PARAMETER']
  try {
    await createProvider(viewer, parsed.data)
    return [201, 'accepted']
  } catch (error) {
    return error instanceof AppError ? [error.status, error.code] : [500, String(error)]
  }
}

const scheme = 'UPSTREAM_SCHEME_NOT_ALLOWED'
const address = 'UPSTREAM_ADDRESS_BLOCKED'
const invalid = 'UPSTREAM_URL_INVALID'

// The form reads what people paste before the guard sees it, so some answers differ from the guard's own (D1 in
// address-policy.test.ts): it knows the protocols of FFmpeg by name, and a backslash is in no address.
describe('D1: an address that somebody types into the form is refused, and nobody is looked up or called', () => {
  test.each<[number, string, string]>([
    [1, 'file:///etc/passwd', scheme],
    [2, 'concat:/etc/hostname|x.ts', scheme],
    [3, 'gopher://127.0.0.1:6379/_', scheme],
    [4, 'data:video/mp2t;base64,AA', scheme],
    [5, 'javascript:alert(1)', scheme],
    [6, 'subfile,,start,0,end,9,,:/etc/hosts', scheme],
    [7, 'http://127.0.0.1/', address],
    [8, 'http://127.1/', address],
    [9, 'http://2130706433/', address],
    [10, 'http://0x7f.1/', address],
    [11, 'http://0177.0.0.1/', address],
    [12, 'http://0/', address],
    [13, 'http://１２７.0.0.1/', address],
    [14, 'http://①②⑦.⓪.⓪.①/', address],
    [15, 'http://[::1]/', address],
    [16, 'http://[::ffff:7f00:1]/', address],
    [17, 'http://[64:ff9b::7f00:1]/', address],
    [18, 'http://[2002:7f00:1::]/', address],
    [19, 'http://0xA9FEA9FE/latest/meta-data/', address],
    [20, 'http://[fd00:ec2::254]/', address],
    [21, 'http://localhost./', address],
    [22, 'http:\\\\127.0.0.1\\x', invalid],
    [23, 'http://good.example@127.0.0.1/', address],
    [24, 'http://100.64.0.1/', address],
    [25, 'http://[fe80::1%25eth0]/', invalid],
    [26, 'http://1.2.3.4:99999/', invalid],
    [27, 'http://h:5432/', 'UPSTREAM_PORT_BLOCKED'],
    [28, 'https://tv.example/', 'UPSTREAM_IS_SELF'],
    [29, 'http://good.exa\r\nmple/', invalid],
    [30, `http://good.example/${'a'.repeat(9_000)}`, 'UPSTREAM_URL_TOO_LONG'],
  ])('D1-%i', async (_number, text, code) => {
    lookups = []
    const xtream = await codeOf({ kind: 'xtream', address: text, username: 'u', password: 'p' })
    const playlist = await codeOf({ kind: 'm3u', playlistUrl: text })
    expect([xtream, playlist]).toEqual([
      [400, code],
      [400, code],
    ])
    expect(lookups).toEqual([])
  })

  test('D1-31: credentials in front of the host go into their fields, and a playlist address with them is refused', async () => {
    const { parseAddress } = await import('@/lib/providers/parse-address')
    expect(parseAddress('http://u:p@good.example/')).toEqual({ base: 'http://good.example', username: 'u', password: 'p' })
    expect(await codeOf({ kind: 'm3u', playlistUrl: 'http://u:p@good.example/' })).toEqual([400, 'UPSTREAM_URL_HAS_CREDENTIALS'])
  })
})

const part = (run: Awaited<ReturnType<typeof importNow>>, name: string) => run.parts.find(one => one.part === name)

describe('D4: lists of a panel, by import', () => {
  test.each<[number, string, string, string | null, number]>([
    [95, 'json-proto-keys', 'done', null, 1],
    [96, 'json-deep', 'failed', 'PROVIDER_BAD_RESPONSE', 0],
    [97, 'json-cut', 'failed', 'PROVIDER_BAD_RESPONSE', 1],
    [98, 'json-html', 'failed', 'PROVIDER_BAD_RESPONSE', 0],
    [94, 'json-object', 'done', null, 1],
    [91, 'json-null', 'done', null, 0],
  ])('D4-%i %s', async (_number, login, state, code, channels) => {
    const id = await plantProvider(world, viewer, login)
    const run = await importNow(viewer, id)
    expect(part(run, 'channels')).toMatchObject({ state, problem: code === null ? null : { code } })
    expect((await itemsOf(id, 'channel')).length).toBe(channels)
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })

  test('D4-92 user_info null: refused, and what was there stays', async () => {
    const id = await plantProvider(world, viewer, 'normal.null')
    await importNow(viewer, id)
    world.provider.setFault('null-info')
    const run = await importNow(viewer, id).finally(() => world.provider.setFault(null))
    expect(run).toMatchObject({ state: 'failed', problem: { code: 'PROVIDER_BAD_RESPONSE' } })
    expect((await itemsOf(id, 'channel')).length).toBe(40)
  })
})

async function addPlaylist(playlistText: string): Promise<number> {
  const { createProvider } = await import('@/lib/providers')
  return (await createProvider(viewer, { kind: 'm3u', name: 'Corpus', refreshHours: 24, platform: false, playlistText })).id
}

describe('D4: playlists, by import', () => {
  test.each<[number, string, string | Buffer]>([
    [78, 'a JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 0x4a, 0x46, 0x49, 0x46, 0, 1])],
    [79, 'one line of 10 MB', 'x'.repeat(10_000_000)],
  ])('D4-%i %s is no playlist', async (_number, _name, text) => {
    expect(await codeOf({ kind: 'm3u', playlistText: text.toString('latin1') })).toEqual([502, 'PLAYLIST_INVALID'])
  })

  test('D4-82 to 87: what comes of a list of malice', async () => {
    const entry = (line: string, n: number) => `#EXTINF:-1 ${line}\nhttp://tv.example.org/${n}.ts`
    const id = await addPlaylist(
      [
        '#EXTM3U',
        entry('group-title="G",<img src=x onerror=alert(1)>', 84),
        entry(`group-title="G",\u202eevil ${'long '.repeat(2_000)}`, 85),
        entry('group-title="G",=HYPERLINK("http://evil.invalid")', 86),
        entry('tvg-logo="javascript:alert(1)" group-title="G",Logo', 87),
        '#EXTINF:-1,File\n/etc/passwd',
        '#EXTINF:-1,Camera\nrtsp://camera.invalid/1',
        '#EXTINF:-1,Cast\nudp://@239.0.0.1:1234',
      ].join('\n'),
    )
    const run = await importNow(viewer, id)
    expect(part(run, 'channels')).toMatchObject({ state: 'done', seen: 4, dropped: 3 })
    const { pool } = await import('@/lib/platform/db')
    const { rows } = await pool().query<{ name: string; image: string | null }>(
      'SELECT i.name, i.image FROM item i JOIN source s ON s.item_id = i.id WHERE s.provider_id = $1 ORDER BY s.position',
      [id],
    )
    expect(rows.map(({ name }) => name.slice(0, 29))).toEqual([
      '<img src=x onerror=alert(1)>',
      'evil long long long long long',
      '=HYPERLINK("http://evil.inval',
      'Logo',
    ])
    expect(rows[1]?.name.length).toBeLessThanOrEqual(256)
    expect(rows.map(({ image }) => image)).toEqual([null, null, null, null])
  })

  test('D4-77: entries without #EXTM3U are read, with a warning that goes when the line is there', async () => {
    const { updateProvider } = await import('@/lib/providers')
    const entries = '#EXTINF:-1,One\nhttp://tv.example.org/1.ts\n#EXTINF:-1,Two\nhttp://tv.example.org/2.ts\n'
    const id = await addPlaylist(entries)
    const first = await importNow(viewer, id)
    expect(first.state).toBe('succeeded')
    expect(part(first, 'channels')).toMatchObject({ state: 'done', seen: 2, warning: expect.stringContaining('#EXTM3U') })
    await updateProvider(viewer, id, { playlistText: `#EXTM3U\n${entries}` })
    expect(part(await importNow(viewer, id), 'channels')).toMatchObject({ state: 'done', seen: 2, warning: null })
  })

  test('D4-89: 100,000 entries of one group', async () => {
    const lines = Array.from(
      { length: 100_000 },
      (_, n) => `#EXTINF:-1 group-title="All",Channel ${n}\nhttp://tv.example.org/${n}.ts`,
    )
    const id = await addPlaylist(`#EXTM3U\n${lines.join('\n')}`)
    expect(part(await importNow(viewer, id), 'channels')).toMatchObject({
      state: 'done',
      seen: 100_000,
      added: 100_000,
      dropped: 0,
    })
  }, 120_000)
})
