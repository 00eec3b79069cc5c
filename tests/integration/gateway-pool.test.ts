import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addProvider, importNow } from './catalogue-steps'
import { type GatewayWorld, type MadeLine, startGatewayWorld, until, watch } from './gateway-world'

const run = promisify(execFile)
let world: GatewayWorld
let providerId = 0
let channels: { stream_id: number }[]

beforeAll(async () => {
  world = await startGatewayWorld()
  providerId = await addProvider(world, world.viewer, 'one-connection')
  await importNow(world.viewer, providerId)
  channels = (await world.api(await lineWith({}), '&action=get_live_streams')) as typeof channels
})

afterAll(async () => {
  expect(world.failures).toEqual([])
  await world.endAll()
})

const lineWith = (input: object): Promise<MadeLine> => world.makeLine({ providerIds: [providerId], maxConnections: 5, ...input })
const liveUrl = (line: MadeLine, index: number, ending = 'ts') =>
  `${world.base}/live/${line.path}/${channels[index]?.stream_id ?? 0}.${ending}`
const idle = () => until(() => world.provider.stats.liveOpen === 0)
/** Until the provider's only slot has cooled down. */
const cooled = async () => {
  await idle()
  await new Promise(done => setTimeout(done, 1_300))
}

test('a higher priority takes the provider’s only connection, an equal one does not', async () => {
  const { updateLineSettings } = await import('@/lib/accounts')
  const { LineSettings } = await import('@/lib/accounts/schema')
  await updateLineSettings(world.viewer, LineSettings.parse({ slates: false }))
  const usual = await watch(liveUrl(await lineWith({ priority: 3 }), 0))
  const equal = await watch(liveUrl(await lineWith({ priority: 3 }), 1))
  expect([usual.status, equal.status, equal.code]).toEqual([200, 409, 'PROVIDER_LIMIT'])
  const first = await watch(liveUrl(await lineWith({ priority: 9 }), 2))
  expect(first.status).toBe(200)
  await usual.ended
  expect(world.provider.stats.liveOpen).toBe(1)
  first.stop()
  await cooled()
})

test('a channel is held by the highest priority of those who watch it, not of who began it', async () => {
  const low = await watch(liveUrl(await lineWith({ priority: 2 }), 0))
  const high = await watch(liveUrl(await lineWith({ priority: 8 }), 0))
  expect([low.status, high.status, world.provider.stats.liveOpen]).toEqual([200, 200, 1])
  const between = await watch(liveUrl(await lineWith({ priority: 5 }), 1))
  expect([between.status, between.code]).toEqual([409, 'PROVIDER_LIMIT'])
  high.stop()
  // Once the sessions have been looked at without it.
  const { pool } = await import('@/lib/platform/db')
  await until(async () => (await pool().query("SELECT 1 FROM slot WHERE priority = 2 AND holder <> ''")).rowCount === 1)
  const third = await watch(liveUrl(await lineWith({ priority: 5 }), 1))
  expect(third.status).toBe(200)
  await low.ended
  third.stop()
  await cooled()
})

test('what cannot be shown is said in a clip that players can play', async () => {
  const { updateLineSettings } = await import('@/lib/accounts')
  const { LineSettings } = await import('@/lib/accounts/schema')
  await updateLineSettings(world.viewer, LineSettings.parse({ slates: true }))
  const line = await lineWith({ priority: 3 })
  const first = await watch(liveUrl(line, 0))
  const second = await fetch(liveUrl(line, 1))
  const clip = Buffer.from(await second.arrayBuffer())
  expect([second.status, second.headers.get('x-error-code'), clip[0], clip[188]]).toEqual([200, 'PROVIDER_LIMIT', 0x47, 0x47])
  const probe = await run('ffprobe', [
    '-v',
    'error',
    '-show_entries',
    'stream=codec_name',
    '-of',
    'csv=p=0',
    liveUrl(line, 1, 'm3u8'),
  ])
  expect(probe.stdout).toMatch(/h264[\s\S]*aac/)
  first.stop()
  await cooled()
})

test('a second login at the provider carries a second stream; a third finds no place', async () => {
  const { addLogin, listLogins, removeLogin } = await import('@/lib/providers')
  await expect(
    addLogin(world.viewer, providerId, { username: 'one-connection.secret-pool', password: 'wrong' }),
  ).rejects.toMatchObject({
    code: 'PROVIDER_REFUSED',
  })
  const login = await addLogin(world.viewer, providerId, { username: 'one-connection.secret-pool', password: 'pass-pool' })
  expect(JSON.stringify(await listLogins(world.viewer, providerId))).not.toContain('pass-pool')
  const stranger = await world.makeViewer()
  await expect(listLogins(stranger, providerId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(removeLogin(stranger, providerId, login.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const line = await lineWith({})
  const streams = await Promise.all([watch(liveUrl(line, 0)), watch(liveUrl(line, 1))])
  expect(streams.map(({ code, status }) => [status, code])).toEqual([
    [200, undefined],
    [200, undefined],
  ])
  const open = world.provider.stats.connections
  expect([open['one-connection']?.now, open['one-connection.secret-pool']?.now]).toEqual([1, 1])
  const third = await fetch(liveUrl(line, 2))
  await third.body?.cancel()
  expect(third.headers.get('x-error-code')).toBe('PROVIDER_LIMIT')
  for (const stream of streams) stream.stop()
  await idle()
  await removeLogin(world.viewer, providerId, login.id)
  expect(await listLogins(world.viewer, providerId)).toEqual([])
})

test('a source whose owner wants it so sends apps to the provider itself', async () => {
  const { updateProvider } = await import('@/lib/providers')
  const line = await lineWith({})
  await updateProvider(world.viewer, providerId, { delivery: 'redirect' })
  const answer = await fetch(liveUrl(line, 0), { redirect: 'manual' })
  expect([answer.status, answer.headers.get('location')]).toEqual([
    302,
    expect.stringContaining(`${world.providerUrl}/live/one-connection/pass/`),
  ])
  const past = await fetch(
    `${world.base}/timeshift/${line.path}/1/${Math.floor(Date.now() / 1_000) - 7_200}/${channels[0]?.stream_id}.ts`,
    {
      redirect: 'manual',
    },
  )
  expect([past.status, past.headers.get('location')]).toEqual([302, expect.stringContaining('/timeshift/one-connection/pass/')])
  await updateProvider(world.viewer, providerId, { delivery: 'proxy' })
})
