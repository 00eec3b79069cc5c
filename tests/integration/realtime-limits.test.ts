import { connect } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { closeCodeOf, frame, type RealtimeWorld, rawUpgrade, startRealtimeWorld, until } from './realtime-world'

let world: RealtimeWorld
let viewer: Viewer

beforeAll(async () => {
  world = await startRealtimeWorld()
  viewer = await world.makeViewer()
})
afterAll(() => world.endAll())

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Bytes that something still refers to. */
function held(): number {
  collectGarbage()
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

const text = (value: string) => Buffer.from(value)
const longest = JSON.stringify({ type: 'ping' }).padEnd(64 * 1024)
const fragments = (count: number) => [
  frame(1, text('{'), { fin: false }),
  ...Array.from({ length: count - 1 }, () => frame(0, text(' '), { fin: false })),
]

// reliability.md D8
test.each<[name: string, bytes: () => Buffer[], codes: number[]]>([
  ['a frame without a mask', () => [frame(1, text('{}'), { masked: false })], [1002]],
  ['a message of 64 KiB and one byte', () => [frame(1, text(`${longest} `))], [1009]],
  ['twenty fragments of one byte', () => fragments(20), [1008]],
  ['text that is not UTF-8', () => [frame(1, Buffer.from([0xc3, 0x28]))], [1007]],
  ['ten thousand pings', () => Array.from({ length: 10_000 }, () => frame(9, text('x'))), [1008]],
  ['an unknown opcode', () => [frame(3, text('x'))], [1002]],
  ['three messages that make no sense', () => Array.from({ length: 3 }, () => frame(1, text('[1]'))), [1008]],
])('%s is closed', async (_name, bytes, codes) => {
  const { socket, head, ended } = await rawUpgrade(world.port)
  expect(head).toMatch(/^HTTP\/1\.1 101 /)
  for (const part of bytes()) socket.write(part)
  expect(codes).toContain(closeCodeOf(await ended))
})

test('a message of 64 KiB is read, and one that means nothing is answered, twice', async () => {
  const { socket, ended } = await rawUpgrade(world.port)
  const manyKeys = JSON.stringify(Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`k${n}`, n])))
  socket.write(frame(1, text(longest)))
  socket.write(frame(1, text(manyKeys)))
  socket.write(frame(2, text('{"type":"ping"}')))
  socket.write(frame(8, Buffer.from([0x03, 0xe8])))
  const answer = (await ended).toString('latin1')
  expect(answer.match(/WS_BAD_MESSAGE/g)).toHaveLength(2)
  expect(answer.match(/"pong"/g)).toHaveLength(1)
})

test('a whole address instead of a path is refused, and nobody is asked in its name', async () => {
  let dialled = 0
  const canary = (await import('node:net')).createServer(() => {
    dialled += 1
  })
  await new Promise<void>(done => canary.listen(0, '127.0.0.1', done))
  const { port } = canary.address() as { port: number }
  for (const target of [`http://127.0.0.1:${port}/`, `http://127.0.0.1:${port}/realtime`, `//127.0.0.1:${port}/realtime`]) {
    expect((await rawUpgrade(world.port, target)).head).toMatch(/^HTTP\/1\.1 400 /)
  }
  expect((await rawUpgrade(world.port, '/other')).head).toMatch(/^HTTP\/1\.1 404 /)
  canary.close()
  expect(dialled).toBe(0)
})

test('who shows no ticket in time is closed', async () => {
  expect(await world.open().ended).toBe(4408)
})

test('a sixth connection of one device is refused with 4429, another device is not', async () => {
  const lines = await Promise.all(Array.from({ length: 5 }, () => world.connect(viewer)))
  const sixth = world.open()
  await sixth.opened
  sixth.say({ type: 'hello', ticket: await world.issue(viewer) })
  expect(await sixth.ended).toBe(4429)
  const other = await world.connect(await world.makeViewer())
  for (const { socket } of [...lines, other]) socket.terminate()
})

test('connections without a ticket are few, by address', async () => {
  const open = (address: string) => world.open({ 'x-test-address': address })
  const lines = Array.from({ length: 51 }, () => open('192.0.2.1'))
  const refused = await Promise.race(lines.map(({ ended }) => ended))
  expect(refused).toBe('http 429')
  const elsewhere = open('192.0.2.2')
  await elsewhere.opened
  for (const { socket } of [...lines, elsewhere]) socket.terminate()
})

test('a household with IPv6 counts as one address', async () => {
  const waiting = Array.from({ length: 50 }, (_, n) => world.open({ 'x-test-address': `2001:db8:1:2::${n + 1}` }))
  await Promise.all(waiting.map(({ opened }) => opened))
  expect(await world.open({ 'x-test-address': '2001:db8:1:2:ffff::1' }).ended).toBe('http 429')
  const other = world.open({ 'x-test-address': '2001:db8:1:3::1' })
  await other.opened
  for (const { socket } of [...waiting, other]) socket.terminate()
})

test('a refused upgrade ends the whole connection, whatever its peer keeps open', async () => {
  const socket = connect({ port: world.port, host: '127.0.0.1', allowHalfOpen: true })
  const broken = new Promise<string>(resolve => socket.once('error', error => resolve(String(error))))
  socket.write('GET /elsewhere HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n')
  socket.resume()
  await new Promise(done => socket.once('end', done))
  // Only a peer that is gone answers a byte with a reset.
  const timer = setInterval(() => socket.write('x'), 20)
  expect(await broken).toMatch(/EPIPE|ECONNRESET/)
  clearInterval(timer)
})

test('who does not read is closed, with bounded memory, and others go on hearing', async () => {
  const { tellNews } = await import('@/lib/realtime')
  const [slow, quick] = [await world.connect(viewer), await world.connect(viewer)]
  slow.socket.pause()
  const { accountId, profileId } = viewer
  const MOST = 400_000
  let told = 0
  let heard = 0
  quick.socket.on('message', () => {
    heard += 1
  })
  const { countConnections } = await import('@/lib/realtime')
  const before = countConnections()
  while (countConnections() === before && told < MOST) {
    for (let n = 0; n < 500; n++)
      void tellNews('favourite.changed', { accountId, profileId, sessionId: 'another', itemId: told++ })
    await tellNews('notification.made', { accountId, profileId })
    told += 1
    await until(() => heard === told, 20_000)
  }
  expect(told).toBeLessThan(MOST)
  slow.socket.resume()
  expect([1006, 1013]).toContain(await slow.ended)
  quick.say({ type: 'ping' })
  await until(() => quick.heard.some(({ type }) => type === 'pong'))
  quick.socket.terminate()
})

test('two hundred attackers leave no memory behind', async () => {
  const { countConnections } = await import('@/lib/realtime')
  const attack = async (n: number) => {
    const { socket, head, ended } = await rawUpgrade(world.port)
    if (!head.startsWith('HTTP/1.1 101')) return socket.destroy()
    // A message in pieces that never ends, or one that is too long.
    for (const part of n % 2 === 0 ? fragments(20) : [frame(1, text(`${longest} `))]) socket.write(part)
    await ended
  }
  const wave = async () => {
    for (let at = 0; at < 200; at += 40) await Promise.all(Array.from({ length: 40 }, (_, n) => attack(at + n)))
  }
  // Attackers and server share this process: what counts is what is still held, not what the allocator keeps.
  await wave()
  const before = held()
  await wave()
  await until(() => countConnections() === 0)
  // The last buffers are let go a moment after their sockets.
  await expect.poll(() => (held() - before) / 1_048_576, { timeout: 10_000, interval: 200 }).toBeLessThan(5)
})

test('a process that goes closes with 1012 and lets nobody in', async () => {
  const { drainRealtime } = await import('@/lib/realtime')
  const line = await world.connect(viewer)
  drainRealtime()
  expect(await line.ended).toBe(1012)
  const late = world.open()
  expect(await late.ended).toBe('http 503')
})
