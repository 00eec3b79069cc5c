import { once } from 'node:events'
import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SafeResponse, safeFetch } from './safe-fetch'
import { configureSafeFetch, safeFetchSettings } from './settings'

const PIECE = Buffer.alloc(3_000, 7)
const old = safeFetchSettings()
let send: (response: http.ServerResponse) => void
let base = ''
const server = http.createServer((_request, response) => send(response))

beforeAll(async () => {
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  base = `http://127.0.0.1:${port}`
  configureSafeFetch({ ...old, loopbackAllowed: [`127.0.0.1:${port}`] })
})
afterAll(() => {
  configureSafeFetch(old)
  server.closeAllConnections()
  server.close()
})

const open = (everyMs = 25): Promise<SafeResponse> =>
  safeFetch({
    url: `${base}/live`,
    headersTimeoutMs: 2_000,
    totalTimeoutMs: null,
    idleTimeoutMs: 5_000,
    gather: { afterMs: 0, everyMs: () => everyMs },
  })

/** Sends `count` pieces a few at a time; `end` says how it ends. */
function trickle(count: number, end: (response: http.ServerResponse) => void) {
  return (response: http.ServerResponse) => {
    let left = count
    const timer = setInterval(() => {
      for (let n = 0; n < 5 && left > 0; n++, left--) response.write(PIECE)
      if (left > 0) return
      clearInterval(timer)
      end(response)
    }, 1)
    response.on('close', () => clearInterval(timer))
  }
}

test('a trickle in chunks comes whole, at its own speed, in few pieces', async () => {
  send = trickle(2_000, response => response.end())
  const { body } = await open()
  const sizes: number[] = []
  for await (const chunk of body) sizes.push(chunk.length)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(2_000 * PIECE.length)
  expect(sizes.length).toBeLessThan(1_000)
})

test('a burst is not slowed down to a trickle', async () => {
  const burst = Buffer.alloc(30 * 2 ** 20, 1)
  send = response => response.end(burst)
  const { body } = await open()
  let bytes = 0
  let turns = 0
  for await (const chunk of body) {
    bytes += chunk.length
    turns++
  }
  expect(bytes).toBe(burst.length)
  expect(turns).toBeGreaterThan(1)
})

test('a reader that stops holds the sender back, and goes on where it was', async () => {
  let written = 0
  send = response => {
    const more = () => {
      while (response.write(PIECE)) written += PIECE.length
    }
    response.on('drain', more)
    more()
  }
  const { body, cancel } = await open()
  body.once('data', () => body.pause())
  await expect.poll(() => written > 0 && isSteady(() => written), { timeout: 4_000, interval: 300 }).toBe(true)
  const held = written
  body.resume()
  await expect.poll(() => written > held + 10 * 2 ** 20, { timeout: 4_000 }).toBe(true)
  cancel()
})

let before = -1
function isSteady(value: () => number): boolean {
  const steady = value() === before
  before = value()
  return steady
}

test('read as a relay does, it comes in few turns, farther and farther apart, and all of it', async () => {
  send = trickle(2_000, response => response.end())
  const { body } = await open(200)
  const turns = new Set<number>()
  const began = performance.now()
  let bytes = 0
  body.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    turns.add(Math.round((performance.now() - began) / 10))
  })
  await once(body, 'end')
  expect(bytes).toBe(2_000 * PIECE.length)
  // Some 0.5 s of sending: after 25, 75, 175, 375, 575 ms.
  expect(turns.size).toBeLessThan(15)
})

test('what came before an upstream broke off while it was not read is handed on', async () => {
  let sent = 0
  send = response => {
    response.write(PIECE)
    setTimeout(() => response.write(PIECE, () => response.destroy()), 100)
    sent = 2 * PIECE.length
  }
  const { body } = await open(1_000)
  let bytes = 0
  body.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  const [error] = (await once(body, 'error').catch((thrown: unknown) => [thrown])) as [{ code: string }]
  expect(error.code).toMatch(/^UPSTREAM_/)
  expect(bytes).toBe(sent)
})

test('an upstream that breaks off is told as such', async () => {
  send = trickle(50, response => response.destroy())
  const { body } = await open()
  const read = async () => {
    for await (const _chunk of body);
  }
  await expect(read()).rejects.toMatchObject({ code: expect.stringMatching(/^UPSTREAM_/) })
})
