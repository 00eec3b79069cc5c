import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { safeFetch } from './safe-fetch'
import { configureSafeFetch } from './settings'

/** What came, in its order. */
const events: string[] = []
let refuseAtOnce = false
const server = http.createServer(async (request, response) => {
  events.push('headers')
  if (refuseAtOnce) return response.writeHead(410).end()
  try {
    let text = ''
    for await (const part of request) text += part
    events.push(`body ${text}`)
    response.writeHead(201).end()
  } catch {
    events.push('cut')
  }
})
let url = ''

beforeAll(async () => {
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  url = `http://127.0.0.1:${port}/`
  configureSafeFetch({ ownHosts: [], loopbackAllowed: [`127.0.0.1:${port}`] })
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  events.length = 0
  refuseAtOnce = false
})

const came = async (event: string) => {
  while (!events.includes(event)) await new Promise(done => setTimeout(done, 5))
}
const post = (beforeBody: () => Promise<void>, headersTimeoutMs = 5_000) =>
  safeFetch({ url, method: 'POST', body: 'message', beforeBody, headersTimeoutMs, totalTimeoutMs: 5_000 })

test('the body goes when what it waits for has happened, the headers before', async () => {
  const answer = await post(async () => {
    await came('headers')
    events.push('may go')
  })
  answer.cancel()
  expect(answer.status).toBe(201)
  expect(events).toEqual(['headers', 'may go', 'body message'])
})

test('when it fails, its reason is thrown and no body goes', async () => {
  const refusal = Object.assign(new Error('not now'), { name: 'AbortError' })
  await expect(
    post(async () => {
      await came('headers')
      throw refusal
    }),
  ).rejects.toBe(refusal)
  await came('cut')
  expect(events).toEqual(['headers', 'cut'])
})

test('a deadline that passes meanwhile ends it: what is allowed later does not go any more', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  await expect(post(() => promise, 150)).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' })
  resolve()
  await came('cut')
  expect(events).toEqual(['headers', 'cut'])
})

test('an answer that does not wait for the body counts', async () => {
  refuseAtOnce = true
  const answer = await post(() => new Promise(() => {}))
  answer.cancel()
  expect(answer.status).toBe(410)
})
