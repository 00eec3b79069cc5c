import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { measured, until } from '@/lib/playback/relay/paced-provider.test-support'
import { TEST_MEDIA } from '../test-media'
import { startWorld, type World } from './harness'
import { createWorld } from './playback-world'

let world: World

beforeAll(async () => {
  world = await startWorld({ mediaDir: TEST_MEDIA })
})

afterAll(() => world.end())

const connections = () => world.provider.stats.connections['hls-only']

test('a panel that serves HLS only: one relay under one slot feeds raw and HLS viewers', async () => {
  const { listSources } = await import('@/lib/catalogue')
  const { dialLive } = await import('@/lib/playback/dial')
  const { openRelay } = await import('@/lib/playback/relay/registry')
  const { settleReleases } = await import('@/lib/playback/slots')
  const { pool } = await import('@/lib/platform/db')
  const held = async () =>
    (await pool().query("SELECT n FROM slot WHERE holder <> '' AND expires_at > clock_timestamp()")).rowCount
  const list = await fetch(`${world.providerUrl}/player_api.php?username=hls-only&password=pass&action=get_live_streams`)
  const [channel] = (await list.json()) as { stream_id: number }[]
  const { viewer, item } = await createWorld(world.providerUrl, 1, [{ ids: [String(channel?.stream_id)] }], 'hls-only')
  const [source] = await listSources(viewer, item(0).id)
  if (source === undefined) throw new Error('no source')
  const relay = openRelay({
    key: 'hls-only',
    sources: [{ id: String(source.id), connect: signal => dialLive(source, { signal, hop: undefined, priority: 5 }) }],
  })
  const began = performance.now()
  await relay.waitForPicture(AbortSignal.timeout(10_000))
  measured(`HLS-only panel: first picture after ${Math.round(performance.now() - began)} ms`)
  const output = new PassThrough()
  let bytes = 0
  output.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  relay.addRaw(output)
  relay.touchHls('a')
  await until(() => relay.hls.isReady && bytes > 500_000, 20_000)
  expect(relay.program?.video).toMatchObject({ codec: 'h264', width: 640 })
  expect([await held(), connections()?.max]).toEqual([1, 1])
  const requests = world.provider.stats.requests.total
  relay.leaveHls('a')
  output.destroy()
  await settleReleases()
  expect([relay.state, await held()]).toEqual(['closed', 0])
  await new Promise(done => setTimeout(done, 4_500))
  expect(world.provider.stats.requests.total).toBe(requests)
})
