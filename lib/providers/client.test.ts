import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { configureSafeFetch } from '@/lib/platform/fetch'
import { policies } from './client'
import { ProviderOptions } from './schema'
import { fetchDocument, fetchMovieInfo, fetchSeriesInfo, signInAt, type XtreamLogin } from './xtream'

let status = 200
let calls = 0
/** Routes that answer, and passwords that do, whatever the status says. */
let open = /^$/
const panel = createServer(({ url = '' }, response) => {
  calls++
  if (open.test(url)) response.end('{}')
  else response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>no</h1>')
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
beforeEach(() => {
  calls = 0
  open = /^$/
})

const heardOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'answered',
    (error: { code: string }) => error.code,
  )

/** Asks for the details of eight films one after the other; answers what was heard of each. */
async function askForEight(username: string): Promise<string[]> {
  const codes: string[] = []
  for (let film = 1; film <= 8; film++) codes.push(await heardOf(fetchMovieInfo({ ...login, username }, String(film))))
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

test('a route that is switched off shuts no other', async () => {
  status = 403
  open = /action=get_(vod|series)_info/
  const one = { ...login, username: 'no short guide' }
  const askShort = () => heardOf(fetchDocument(one, { action: 'get_short_epg', stream_id: '1' }, policies.check))
  for (let i = 0; i < 5; i++) expect(await askShort()).toBe('PROVIDER_BLOCKS_US')
  expect(await askShort()).toBe('PROVIDER_CIRCUIT_OPEN')
  expect(await heardOf(fetchMovieInfo(one, '1'))).toBe('answered')
  expect(await heardOf(fetchSeriesInfo(one, '1'))).toBe('answered')
  expect(await askShort()).toBe('PROVIDER_CIRCUIT_OPEN')
})

test('a server that is down is left alone by every route', async () => {
  status = 500
  const one = { ...login, username: 'down' }
  const ask = (action: string) => heardOf(fetchDocument(one, { action }, policies.check))
  const codes: string[] = []
  for (let i = 0; i < 8; i++) codes.push(await ask(i % 2 === 0 ? 'get_vod_info' : 'get_short_epg'))
  expect(calls).toBe(5)
  expect(codes.slice(5)).toEqual(Array(3).fill('PROVIDER_CIRCUIT_OPEN'))
})

test('an answer about one film tells that the server lives: faults before it do not count', async () => {
  const one = { ...login, username: 'unsteady' }
  const ask = () => heardOf(fetchDocument(one, { action: 'get_vod_info' }, policies.check))
  for (const said of [500, 500, 500, 500, 404, 500, 500, 500, 500, 401, 500, 500, 500, 500, 456]) {
    status = said
    expect(await ask()).not.toBe('PROVIDER_CIRCUIT_OPEN')
  }
  expect(calls).toBe(15)
})

test('sign-ins with a wrong password that are refused do not keep the right one out', async () => {
  status = 403
  open = /password=right/
  const signIn = (password: string) => heardOf(signInAt({ ...login, username: 'mended', password }, { policy: policies.check }))
  for (let i = 0; i < 5; i++) expect(await signIn('wrong password')).toBe('PROVIDER_BLOCKS_US')
  expect(await signIn('wrong password')).toBe('PROVIDER_CIRCUIT_OPEN')
  expect(await signIn('right password')).not.toBe('PROVIDER_CIRCUIT_OPEN')
  expect(calls).toBe(6)
})
