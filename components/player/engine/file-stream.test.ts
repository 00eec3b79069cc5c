import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { explain } from './file-stream'

const answers: Record<string, [status: number, code: string]> = {
  '/gone': [410, 'STREAM_ENDED'],
  '/full': [409, 'PROVIDER_LIMIT'],
  '/proxy': [503, 'whatever'],
  '/fine': [200, ''],
}
let server: http.Server
let base = ''
const methods = new Set<string | undefined>()

beforeAll(async () => {
  server = http.createServer((request, response) => {
    methods.add(request.method)
    const [status, code] = answers[request.url ?? ''] ?? [404, '']
    response.writeHead(status, { 'x-error-code': code }).end()
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

test.each([
  ['/gone', 4, 'STREAM_ENDED', true],
  ['/full', 4, 'PROVIDER_LIMIT', true],
  ['/proxy', 4, 'STREAM_NOT_READY', true],
  ['/fine', 4, 'CODEC_UNSUPPORTED', false],
  ['/gone', 2, 'UPSTREAM_STALLED', true],
] as const)('what a browser calls %s (%i) is %s', async (path, code, name, retryable) => {
  expect(await explain({ code } as MediaError, base + path)).toMatchObject({ code: name, retryable })
  expect([...methods]).toEqual(['HEAD'])
})

test('nobody to ask: what the browser says stands', async () => {
  expect(await explain({ code: 4 } as MediaError, 'http://127.0.0.1:1/')).toMatchObject({ code: 'CODEC_UNSUPPORTED' })
})
