import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { configureSafeFetch } from '@/lib/platform/fetch'
import { ProviderOptions } from './schema'
import { fetchMovieInfo, type XtreamLogin } from './xtream'

let status = 200
let calls = 0
const panel = createServer((_request, response) => {
  calls++
  response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>no</h1>')
})
let login: XtreamLogin

beforeAll(async () => {
  await new Promise<void>(done => panel.listen(0, '127.0.0.1', done))
  const host = `127.0.0.1:${(panel.address() as AddressInfo).port}`
  configureSafeFetch({ ownHosts: [], loopbackAllowed: [host] })
  login = {
    ...{ base: `http://${host}`, username: 'u', password: 'a long password', known: true },
    ...{ ownerId: 'somebody', options: ProviderOptions.parse({}) },
  }
})
afterAll(() => panel.close())

/** Asks for the details of eight films one after the other; answers what was heard of each. */
async function askForEight(username: string): Promise<string[]> {
  const codes: string[] = []
  calls = 0
  for (let film = 1; film <= 8; film++) {
    const code = await fetchMovieInfo({ ...login, username }, String(film)).then(
      () => 'answered',
      (error: { code: string }) => error.code,
    )
    codes.push(code)
  }
  return codes
}

test('a panel that blocks us is left alone after five times', async () => {
  status = 403
  const codes = await askForEight('blocked')
  expect(calls).toBe(5)
  expect(codes.slice(0, 5)).toEqual(Array(5).fill('PROVIDER_BLOCKS_US'))
  expect(codes.slice(5)).toEqual(Array(3).fill('PROVIDER_CIRCUIT_OPEN'))
})

test('404 is an answer about one film: the others are asked for', async () => {
  status = 404
  const codes = await askForEight('unknown')
  expect(calls).toBe(8)
  expect(new Set(codes)).toEqual(new Set(['PROVIDER_BAD_RESPONSE']))
})
