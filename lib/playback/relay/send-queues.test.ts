import * as http from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { Ring } from '../ring'
import { measured, until } from './paced-provider.test-support'
import { RawViewer } from './raw-viewer'
import { parseSendQueues, queueKeyOf, readSendQueues } from './send-queues'
import { StallWatch } from './stall-watch'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

test('connections with something waiting are found under the names that sockets have', () => {
  const text = [
    '   0: 0100007F:1130 0100007F:C350 01 00012345:00000000 01:00000014 00000000     0        0 1 2',
    '   1: 0100007F:1130 0100007F:C351 01 00000000:00000000 01:00000014 00000000     0        0 1 2',
    '   2: 00000000:1130 00000000:0000 0A 00000001:00000000 00:00000000 00000000     0        0 1 2',
    '10003: 0000000000000000FFFF00000100007F:1130 0000000000000000FFFF00000200000A:0050 01 00000007:00000000 01:1 0 0 0 1 2',
  ].join('\n')
  const queues = parseSendQueues(text)
  expect(queues.size).toBe(2)
  expect(queues.get(queueKeyOf({ localPort: 4400, remoteAddress: '127.0.0.1', remotePort: 50_000 }) ?? '')).toBe(0x12345)
  expect(queues.get(queueKeyOf({ localPort: 4400, remoteAddress: '::ffff:10.0.0.2', remotePort: 80 }) ?? '')).toBe(7)
  expect(queueKeyOf({ localPort: 4400, remoteAddress: undefined, remotePort: undefined })).toBe(null)
})

/** A server whose every answer is fed at `bytesPerSecond` under a watch; and a client of it. */
async function startFeed(bytesPerSecond: number, evictAfterMs: number) {
  const watch = new StallWatch()
  const ring = new Ring(2 ** 20)
  const viewers: { viewer: RawViewer; response: http.ServerResponse }[] = []
  const server = http.createServer((_request, response) => {
    response.removeHeader('transfer-encoding')
    response.writeHead(200)
    const viewer = new RawViewer(ring, response, { evictAfterMs, tables: () => Buffer.alloc(0) })
    viewers.push({ viewer, response })
    watch.add(viewer)
    response.on('close', () => watch.delete(viewer))
  })
  await new Promise<void>(done => server.listen(0, done))
  const timer = setInterval(() => {
    ring.append([Buffer.alloc(bytesPerSecond / 20, 0x47)], [0])
    for (const { viewer } of viewers) viewer.pump()
  }, 50)
  ends.push(() => {
    clearInterval(timer)
    server.closeAllConnections()
    server.close()
  })
  const join = () => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
    socket.on('error', () => {})
    ends.push(() => socket.destroy())
    return socket
  }
  return { join, viewers, watch }
}

test('a reader that stops is let go in time although the kernel goes on taking bytes for it (C27)', async () => {
  if ((await readSendQueues(['tcp'])) === null) return
  const { join, viewers } = await startFeed(400_000, 1_500)
  const healthy = join()
  healthy.resume()
  await until(() => viewers.length === 1)
  join().pause()
  await until(() => viewers.length === 2)
  // How soon is measured by `npm run faults -- C27`.
  const gone = await until(() => viewers[1]?.response.destroyed === true, 40_000)
  measured(
    `reader of 400 kB/s that stopped: gone after ${Math.round(gone)} ms, ${viewers[1]?.response.writableNeedDrain ? '' : 'not '}blocked`,
  )
  expect(viewers[0]?.response.destroyed).toBe(false)
}, 60_000)

test('the watch has no timer once nobody is left', async () => {
  const timers = () => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length
  const watch = new StallWatch()
  const before = timers()
  const reader = { mark: () => null, judge: () => 0 }
  watch.add(reader)
  expect(timers()).toBe(before + 1)
  watch.delete(reader)
  expect(timers()).toBe(before)
})
