import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { bedtimeNow } from './bedtime-now'
import { type GatewayWorld, type MadeLine, startGatewayWorld, until, watch } from './gateway-world'

let world: GatewayWorld
let channels: { stream_id: number; name: string }[]

beforeAll(async () => {
  world = await startGatewayWorld()
  await setSlates(false)
  channels = (await world.api(await world.makeLine(), '&action=get_live_streams')) as typeof channels
})

afterEach(async () => {
  const { pool } = await import('@/lib/platform/db')
  await pool().query('DELETE FROM rate_limit')
  expect(world.failures.splice(0)).toEqual([])
})

afterAll(() => world.endAll())

const upstreams = () => world.provider.stats.liveOpen
const setSlates = async (slates: boolean) => {
  const { updateLineSettings } = await import('@/lib/accounts')
  const { LineSettings } = await import('@/lib/accounts/schema')
  await updateLineSettings(world.viewer, LineSettings.parse({ slates }))
}
const channel = (index: number) => channels[index]?.stream_id ?? 0
const liveUrl = (line: MadeLine, index: number) => `${world.base}/live/${line.path}/${channel(index)}.ts`

describe('credentials', () => {
  test('the password is stored nowhere, and another one is refused with 200 and auth 0', async () => {
    const line = await world.makeLine()
    const { pool } = await import('@/lib/platform/db')
    const { rows } = await pool().query('SELECT to_jsonb(l)::text AS text FROM device_line l')
    expect(rows.map(({ text }) => text).join()).not.toContain(line.password)
    expect(line.password).toMatch(/^[a-km-np-z2-9]{27}$/)
    const refused = await fetch(`${world.base}/player_api.php?username=${line.line.username}&password=nonsense`)
    expect([refused.status, await refused.json()]).toEqual([
      200,
      { user_info: { auth: 0, status: 'Disabled', message: 'Invalid credentials' } },
    ])
    expect((await fetch(`${world.base}/live/${line.line.username}/nonsense/${channel(0)}.ts`)).status).toBe(401)
    expect((await fetch(`${world.base}/get.php?username=${line.line.username}&password=nonsense`)).status).toBe(401)
  })

  test('reserved names are refused (B36), taken ones too', async () => {
    for (const username of ['admin', 'api', 'Live', 'series']) {
      await expect(world.makeLine({ username })).rejects.toMatchObject({ code: 'USERNAME_RESERVED' })
    }
    await world.makeLine({ username: 'kitchen' })
    await expect(world.makeLine({ username: 'kitchen' })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('a thousand wrong tries over six doors meet one budget; the owner at home still comes in (B19)', async () => {
    const line = await world.makeLine()
    const home = { 'x-test-address': '192.0.2.10' }
    const guesser = { 'x-test-address': '198.51.100.66' }
    const account = `${world.base}/player_api.php?${line.query}`
    expect(await (await fetch(account, { headers: home })).json()).toHaveProperty('user_info.auth', 1)
    await until(async () => (await import('@/lib/accounts/line-store')).isKnownLineAddress(line.line.username, '192.0.2.10'))
    const statuses: number[] = []
    for (let n = 0; n < 1_000; n += 20) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, k) => {
          const wrong = `username=${line.line.username}&password=guess${n + k}`
          const doors = [
            `player_api.php?${wrong}`,
            `panel_api.php?${wrong}`,
            `get.php?${wrong}`,
            `xmltv.php?${wrong}`,
            `live/${line.line.username}/guess${n + k}/1.ts`,
            `movie/${line.line.username}/guess${n + k}/1.mp4`,
          ]
          return fetch(`${world.base}/${doors[k % 6]}`, { headers: guesser })
        }),
      )
      for (const answer of answers) {
        await answer.body?.cancel()
        statuses.push(answer.status)
        if (answer.status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      }
    }
    const evaluated = statuses.filter(status => status !== 429).length
    expect(evaluated).toBeGreaterThanOrEqual(40)
    // Tries that were under way when the budget ran out.
    expect(evaluated).toBeLessThanOrEqual(60)
    const { forgetLines } = await import('@/lib/accounts')
    forgetLines(null)
    expect(await (await fetch(account, { headers: home })).json()).toHaveProperty('user_info.auth', 1)
  })

  test('a stranger neither sees nor changes nor ends another account’s lines', async () => {
    const line = await world.makeLine()
    const stranger = await world.makeViewer()
    const { deleteDevice, listDevices, renewDevice, updateDevice } = await import('@/lib/gateway')
    expect(await listDevices(stranger)).toEqual([])
    const asking = { address: '127.0.0.1', host: undefined }
    await expect(updateDevice(stranger, line.id, { name: 'Mine' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(renewDevice(stranger, line.id, asking)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(deleteDevice(stranger, line.id, '127.0.0.1')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(world.makeLine({ providerIds: [world.providerId] }, stranger)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const own = await world.makeLine({}, stranger)
    expect(await world.api(own, '&action=get_live_streams')).toEqual([])
    expect((await fetch(`${world.base}/live/${own.path}/${channel(0)}.ts`)).status).toBe(404)
  })
})

describe('what a line may not do', () => {
  test('give itself precedence, unless an admin says so', async () => {
    const viewer = await world.makeViewer()
    await expect(world.makeLine({ priority: 9 }, viewer)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect((await world.makeLine({ priority: 2 }, viewer)).line.priority).toBe(2)
    expect((await world.makeLine({ priority: 9 })).line.priority).toBe(9)
  })

  test('keep playing with a password that was replaced', async () => {
    const line = await world.makeLine()
    const stream = await watch(liveUrl(line, 0))
    const { renewDevice } = await import('@/lib/gateway')
    const renewed = await renewDevice(world.viewer, line.id, { address: '127.0.0.1', host: undefined })
    await stream.ended
    expect(await (await fetch(`${world.base}/player_api.php?${line.query}`)).json()).toHaveProperty('user_info.auth', 0)
    const fresh = `username=${line.line.username}&password=${renewed.password}`
    expect(await (await fetch(`${world.base}/player_api.php?${fresh}`)).json()).toHaveProperty('user_info.auth', 1)
  })

  test('go on opening what was revoked meanwhile', async () => {
    const { addProvider, importNow } = await import('./catalogue-steps')
    const slow = await addProvider(world, world.viewer, 'one-connection')
    await importNow(world.viewer, slow)
    const line = await world.makeLine({ providerIds: [slow] })
    const [movie] = (await world.api(line, '&action=get_vod_streams')) as { stream_id: number }[]
    await world.control({ fault: 'slow' })
    const asked = fetch(`${world.base}/movie/${line.path}/${movie?.stream_id}.mp4`).then(
      answer => answer.status,
      () => 0,
    )
    const { listPlans } = await import('@/lib/playback/session-plans')
    await until(() => listPlans().some(plan => plan.record.lineId === line.id && plan.opening === 1))
    const { deleteDevice } = await import('@/lib/gateway')
    await deleteDevice(world.viewer, line.id, '127.0.0.1')
    const began = performance.now()
    expect(await asked).toBeGreaterThanOrEqual(400)
    expect(performance.now() - began).toBeLessThan(2_000)
    await world.control({ fault: null })
  })
})

describe('the cap', () => {
  test('one connection: the newer stream ends the older one', async () => {
    const line = await world.makeLine()
    const first = await watch(liveUrl(line, 0))
    const second = await watch(liveUrl(line, 1))
    expect([first.status, second.status]).toEqual([200, 200])
    await first.ended
    expect(await world.api(line)).toHaveProperty('user_info.max_connections', '1')
    second.stop()
    await until(() => upstreams() === 0)
  })

  test('a line that refuses says so, and the running stream goes on', async () => {
    const line = await world.makeLine({ whenFull: 'refuse' })
    const first = await watch(liveUrl(line, 0))
    const second = await watch(liveUrl(line, 1))
    expect([second.status, second.code]).toEqual([403, 'LINE_FULL'])
    first.stop()
    // Zapping: the app leaves one and asks for the next at once.
    const third = await watch(liveUrl(line, 1))
    expect(third.status).toBe(200)
    third.stop()
    await until(() => upstreams() === 0)
  })

  test('twenty streams of one channel are one upstream (C36)', async () => {
    const line = await world.makeLine({ maxConnections: 20 })
    const all = await Promise.all(Array.from({ length: 20 }, () => watch(liveUrl(line, 2))))
    expect(all.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(upstreams()).toBe(1)
    const { listConnections } = await import('@/lib/playback')
    const rows = (await listConnections(world.viewer)).filter(row => row.line?.id === line.id)
    expect(rows.map(({ shared }) => shared)).toEqual(Array(20).fill(20))
    for (const one of all) one.stop()
    await until(() => upstreams() === 0)
  })
})

describe('the end of a line', () => {
  test.each<[string, (line: MadeLine) => Promise<unknown>]>([
    ['revoking', async line => (await import('@/lib/gateway')).deleteDevice(world.viewer, line.id, '127.0.0.1')],
    [
      'running out',
      async line =>
        (await import('@/lib/gateway')).updateDevice(world.viewer, line.id, {
          expiresAt: new Date(Date.now() - 1_000).toISOString(),
        }),
    ],
    [
      'a rule against its address',
      async line => {
        const { AccessRules } = await import('@/lib/accounts/schema')
        const rules = AccessRules.parse({ blockNetworks: ['127.0.0.0/8'] })
        await (await import('@/lib/gateway')).updateDevice(world.viewer, line.id, { rules })
      },
    ],
    [
      'an admin who ends its connections',
      async line => (await import('@/lib/playback')).endLineConnections(world.viewer, line.id),
    ],
    [
      'its account being switched off',
      async line => {
        const { db } = await import('@/lib/platform/db')
        const { accountId } = await db().deviceLine.findUniqueOrThrow({ where: { id: line.id } })
        await db().account.update({ where: { id: accountId }, data: { disabledAt: new Date() } })
      },
    ],
    [
      'an admin who ends the time of its account',
      async line => {
        const { updatePerson } = await import('@/lib/accounts')
        const { accountId } = await recordOf(line)
        const change = { accessEndsAt: new Date(Date.now() - 1_000).toISOString() }
        await updatePerson(world.viewer, accountId, { change, address: '127.0.0.1' })
        expect(await refusalOf(line)).toBe('ACCESS_ENDED')
        // The news of it is on its way to what the gateway remembers.
        await expect
          .poll(() => world.api(line))
          .toMatchObject({ user_info: { status: 'Expired', exp_date: toSeconds(change.accessEndsAt) } })
      },
    ],
    [
      'the time of its account, when it comes to its end unheard,',
      async line => {
        const { db } = await import('@/lib/platform/db')
        const { accountId } = await recordOf(line)
        await db().account.update({ where: { id: accountId }, data: { accessEndsAt: new Date(Date.now() + 2_000) } })
      },
    ],
    [
      'the bedtime of its profile',
      async line => {
        const { updateBedtime } = await import('@/lib/profiles')
        await updateBedtime({ ...(await recordOf(line)), sessionId: '', role: 'viewer' }, bedtimeNow())
        expect(await refusalOf(line)).toBe('BEDTIME')
        // What there is may be looked at.
        expect(await world.api(line)).toMatchObject({ user_info: { status: 'Active' } })
      },
    ],
  ])('%s ends its running stream within 15 s (B23)', async (_name, end) => {
    const owner = await world.makeViewer({ role: 'admin' })
    const platform = await sharedProvider()
    const line = await world.makeLine({ providerIds: [platform] }, owner)
    const items = (await world.api(line, '&action=get_live_streams')) as typeof channels
    const stream = await watch(`${world.base}/live/${line.path}/${items[0]?.stream_id}.ts`)
    expect(stream.status).toBe(200)
    const began = performance.now()
    await (_name === 'revoking' || _name === 'running out' || _name.startsWith('a rule') ? asOwner(owner, line, end) : end(line))
    await stream.ended
    expect(performance.now() - began).toBeLessThan(15_000)
  })
})

const toSeconds = (iso: string) => String(Math.floor(Date.parse(iso) / 1_000))

async function recordOf(line: MadeLine): Promise<{ accountId: string; profileId: string }> {
  const { db } = await import('@/lib/platform/db')
  return db().deviceLine.findUniqueOrThrow({ where: { id: line.id }, select: { accountId: true, profileId: true } })
}

/** What a new stream of the line is refused with: the code that comes with the clip which says so. */
async function refusalOf(line: MadeLine): Promise<string | null> {
  const response = await fetch(`${world.base}/live/${line.path}/${channels[0]?.stream_id}.ts`)
  await response.body?.cancel()
  return response.headers.get('x-error-code')
}

let sharedId = 0
/** A platform provider, so that every account sees something. */
async function sharedProvider(): Promise<number> {
  if (sharedId === 0) {
    const { addProvider, importNow } = await import('./catalogue-steps')
    sharedId = await addProvider(world, world.viewer, 'normal', true)
    await importNow(world.viewer, sharedId)
  }
  return sharedId
}

async function asOwner(owner: GatewayWorld['viewer'], line: MadeLine, end: (line: MadeLine) => Promise<unknown>): Promise<void> {
  const before = world.viewer
  world.viewer = owner
  await end(line)
  world.viewer = before
}
