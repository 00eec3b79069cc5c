import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { configureSafeFetch, safeFetch } from '@/lib/platform/fetch'
import { parseContentRange, parseRange } from './range'
import { type FileRequest, openFile } from './vod'

type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => void

const film = Buffer.from(Array.from({ length: 10_000 }, (_, at) => at % 251))
let answer: Answer
let base = ''
const seen: http.IncomingMessage[] = []
const server = http.createServer((request, response) => {
  seen.push(request)
  answer(request, response)
})

/** A panel as found in the wild: answers ranges, with a wrong Accept-Ranges and a wrong type. */
const panel: Answer = (request, response) => {
  const headers = {
    'content-type': 'text/plain',
    'accept-ranges': `0-${film.length}`,
    etag: '"x"',
    server: 'secret',
    'set-cookie': 'a=b',
  }
  const range = parseRange(request.headers.range)
  if (range.kind === 'whole') {
    response
      .writeHead(200, { ...headers, 'content-length': film.length, 'content-range': `bytes 0-${film.length - 1}/${film.length}` })
      .end(film)
    return
  }
  if (range.kind === 'invalid' || (range.kind === 'part' && range.start >= film.length)) {
    response.writeHead(416, { 'content-range': `bytes */${film.length}` }).end()
    return
  }
  const start = range.kind === 'part' ? range.start : film.length - range.length
  const end = Math.min(film.length - 1, range.kind === 'part' ? (range.end ?? film.length) : film.length)
  response.writeHead(206, {
    ...headers,
    'content-range': `bytes ${start}-${end}/${film.length}`,
    'content-length': end - start + 1,
  })
  response.end(film.subarray(start, end + 1))
}

beforeAll(async () => {
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const port = (server.address() as AddressInfo).port
  base = `http://127.0.0.1:${port}`
  configureSafeFetch({ ownHosts: [], loopbackAllowed: [`127.0.0.1:${port}`] })
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

beforeEach(() => {
  answer = panel
  seen.length = 0
})

function ask(part: Partial<FileRequest> = {}) {
  return openFile({
    method: 'GET',
    range: undefined,
    name: 'film.mp4',
    connect: headers =>
      safeFetch({ url: `${base}/movie/u/p/1.mp4`, headers, headersTimeoutMs: 2_000, totalTimeoutMs: 5_000, decompress: false }),
    ...part,
  })
}

async function read(part: Partial<FileRequest> = {}) {
  const { body, ...rest } = await ask(part)
  const chunks: Buffer[] = []
  if (body !== null) for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk)
  return { ...rest, bytes: Buffer.concat(chunks) }
}

test('a whole file: normal headers, type by extension, nothing else of the provider', async () => {
  const { status, headers, bytes } = await read()
  expect(status).toBe(200)
  expect(bytes.equals(film)).toBe(true)
  expect(headers).toEqual({
    'content-type': 'video/mp4',
    'content-length': '10000',
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
    etag: '"x"',
  })
})

test.each([
  ['bytes=100-199', 100, 199],
  ['bytes=9990-', 9_990, 9_999],
  ['bytes=-5', 9_995, 9_999],
  ['Bytes = 0-', 0, 9_999],
])('%s', async (range, start, end) => {
  const { status, headers, bytes } = await read({ range })
  expect([status, headers['content-range'], headers['content-length']]).toEqual([
    206,
    `bytes ${start}-${end}/10000`,
    String(end - start + 1),
  ])
  expect(bytes.equals(film.subarray(start, end + 1))).toBe(true)
})

describe('ranges that make no sense', () => {
  test.each([
    [111, `bytes=${'0-0,'.repeat(999)}1-1`],
    [112, 'bytes=9-5'],
    [112, 'bytes=-0'],
    [112, 'bytes=-'],
    [112, 'bytes=a-b'],
    [112, 'bytes'],
  ])('D5-%i is 416 and costs no connection', async (_number, range) => {
    expect((await ask({ range })).status).toBe(416)
    expect(seen).toHaveLength(0)
  })

  test('D5-112: beyond the end is 416 with the size', async () => {
    const { status, headers } = await ask({ range: 'bytes=99999999999-' })
    expect([status, headers['content-range']]).toEqual([416, 'bytes */10000'])
  })

  test('D5-113: other units are ignored', async () => {
    expect((await read({ range: 'items=0-1' })).status).toBe(200)
    expect(seen[0]?.headers.range).toBeUndefined()
  })
})

describe('HEAD', () => {
  test('with a known size opens nothing', async () => {
    const { status, headers, body } = await ask({ method: 'HEAD', knownSize: 77 })
    expect([status, headers['content-length'], body, seen.length]).toEqual([200, '77', null, 0])
  })

  test('without it asks for the first byte with GET', async () => {
    const { headers } = await ask({ method: 'HEAD' })
    expect([headers['content-length'], seen[0]?.method, seen[0]?.headers.range]).toEqual(['10000', 'GET', 'bytes=0-0'])
  })
})

test.each<[string, Answer, string]>([
  [
    'a page',
    (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>login</html>'),
    'UPSTREAM_NOT_MEDIA',
  ],
  [
    'a sentence',
    (_request, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('Account expired'),
    'UPSTREAM_NOT_MEDIA',
  ],
  ['nothing', (_request, response) => response.writeHead(200).end(), 'UPSTREAM_EMPTY'],
  [
    'nothing as text',
    (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(' ').destroy(),
    'UPSTREAM_NOT_MEDIA',
  ],
  ['404', (_request, response) => response.writeHead(404).end('<html>'), 'NO_SOURCE'],
  ['458', (_request, response) => response.writeHead(458).end(), 'PROVIDER_LIMIT'],
  [
    'another range',
    (_request, response) => response.writeHead(206, { 'content-range': 'bytes 5-9/100' }).end('12345'),
    'UPSTREAM_PROTOCOL_ERROR',
  ],
])('%s is refused and the connection let go', async (_name, behaviour, code) => {
  const closed = new Promise<void>(done => {
    answer = (request, response) => {
      response.on('close', done)
      behaviour(request, response)
    }
  })
  await expect(ask({ range: 'bytes=0-4' }).then(({ status }) => `status ${status}`)).rejects.toMatchObject({ code })
  await closed
})

test('a server that answers every request with a part gives the whole file as whole', async () => {
  answer = (_request, response) =>
    response.writeHead(206, { 'content-range': 'bytes 0-9999/10000', 'content-length': film.length }).end(film)
  const { status, headers, bytes } = await read()
  expect([status, headers['content-range'], bytes.length]).toEqual([200, undefined, film.length])
})

test('a server that ignores ranges gives the whole file', async () => {
  answer = (_request, response) => response.writeHead(200, { 'content-length': film.length }).end(film)
  const { status, bytes } = await read({ range: 'bytes=5-' })
  expect([status, bytes.length]).toEqual([200, film.length])
})

test('the provider sees the departure of the client at once', async () => {
  const closed = new Promise<number>(done => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 1e9 })
      const timer = setInterval(() => response.write(Buffer.alloc(10_000)), 5)
      response.on('close', () => {
        clearInterval(timer)
        done(performance.now())
      })
    }
  })
  const { body } = await ask()
  const leftAt = performance.now()
  body?.destroy()
  expect((await closed) - leftAt).toBeLessThan(200)
})

test('Content-Range is read strictly', () => {
  expect(parseContentRange('bytes 0-9/10')).toEqual({ start: 0, end: 9, total: 10 })
  expect(parseContentRange('bytes 0-9/*')).toEqual({ start: 0, end: 9, total: null })
  for (const bad of ['bytes 9-0/10', 'bytes 0-10/10', 'bytes */10', '0-9/10', undefined])
    expect(parseContentRange(bad)).toBeNull()
})
