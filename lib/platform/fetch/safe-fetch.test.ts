import * as http from 'node:http'
import * as net from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AppError } from '@/lib/kernel/errors'
import { isLoopedHop } from './hops'
import { readBody } from './read-body'
import { type SafeRequest, safeFetch } from './safe-fetch'
import { configureSafeFetch, type ResolvedAddress, safeFetchSettings } from './settings'

type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => void

let answer: Answer = (_request, response) => response.end('ok')
let raw = ''
let canaryHits = 0
let lookups: string[] = []
let resolve: (hostname: string) => ResolvedAddress[] = () => [{ address: '127.0.0.2', family: 4 }]
const seen: http.IncomingMessage[] = []
const server = http.createServer((request, response) => {
  seen.push(request)
  answer(request, response)
})
const rawServer = net.createServer(socket => {
  socket.on('error', () => {})
  socket.once('data', () => socket.end(raw))
})
const canary = net.createServer(socket => {
  canaryHits++
  socket.destroy()
})

const listen = (target: net.Server, host: string) =>
  new Promise<number>(done => target.listen(0, host, () => done((target.address() as net.AddressInfo).port)))

let base = ''
let rawBase = ''
let canaryPort = 0

beforeAll(async () => {
  const port = await listen(server, '127.0.0.1')
  const rawPort = await listen(rawServer, '127.0.0.1')
  canaryPort = await listen(canary, '127.0.0.2')
  base = `http://127.0.0.1:${port}`
  rawBase = `http://127.0.0.1:${rawPort}`
  configureSafeFetch({
    ownHosts: ['own.example'],
    loopbackAllowed: [`127.0.0.1:${port}`, `127.0.0.1:${rawPort}`],
    resolver: async hostname => {
      lookups.push(hostname)
      return resolve(hostname)
    },
    instanceId: 'here',
  })
})

afterAll(() => {
  server.closeAllConnections()
  for (const target of [server, rawServer, canary]) target.close()
})

beforeEach(() => {
  seen.length = 0
  lookups = []
  canaryHits = 0
})

const get = (url: string, more: Partial<SafeRequest> = {}) =>
  safeFetch({ url, headersTimeoutMs: 2_000, totalTimeoutMs: 4_000, ...more })

const text = async (url: string, more: Partial<SafeRequest> = {}) =>
  (await readBody(await get(url, more), { maxBytes: 1e9 })).toString()

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt
    return 'accepted'
  } catch (error) {
    return error instanceof AppError ? error.code : `foreign: ${error}`
  }
}

describe('addresses', () => {
  test('literals are refused before any lookup or connection (B2)', async () => {
    for (const host of ['127.0.0.2', '[::ffff:127.0.0.2]', '0x7f000002', '[::1]']) {
      expect(await codeOf(get(`http://${host}:${canaryPort}/`))).toBe('UPSTREAM_ADDRESS_BLOCKED')
    }
    expect({ lookups, canaryHits }).toEqual({ lookups: [], canaryHits: 0 })
  })

  test('a name that resolves to loopback is refused inside the lookup (B3)', async () => {
    resolve = () => [{ address: '127.0.0.2', family: 4 }]
    expect(await codeOf(get(`http://rebind.example:${canaryPort}/`))).toBe('UPSTREAM_ADDRESS_BLOCKED')
    expect({ lookups, canaryHits }).toEqual({ lookups: ['rebind.example'], canaryHits: 0 })
  })

  test('one private answer spoils the public ones (B3)', async () => {
    resolve = () => [
      { address: '93.184.216.34', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ]
    expect(await codeOf(get('http://mixed.example/'))).toBe('UPSTREAM_ADDRESS_BLOCKED')
  })

  test('each connection asks and judges again, so the second answer of a rebinding name is caught (B3)', async () => {
    resolve = () => [{ address: '192.168.77.1', family: 4 }]
    const controller = new AbortController()
    controller.abort(new AppError('UNAVAILABLE'))
    await codeOf(get('http://flip.example/', { privateNetworks: ['192.168.77.0/24'], signal: controller.signal }))
    resolve = () => [{ address: '127.0.0.2', family: 4 }]
    const second = get(`http://flip.example:${canaryPort}/`, { privateNetworks: ['192.168.77.0/24'] })
    expect(await codeOf(second)).toBe('UPSTREAM_ADDRESS_BLOCKED')
    expect(canaryHits).toBe(0)
  })

  test('our own host is refused (B7), and a looped hop header is recognised', async () => {
    expect(await codeOf(get('http://own.example/live/u/p/1.ts'))).toBe('UPSTREAM_IS_SELF')
    await text(base, { incomingHop: 'elsewhere' })
    expect(seen[0]?.headers['x-iptv-hop']).toBe('elsewhere,here')
    expect([undefined, 'elsewhere', 'elsewhere,here', 'a,b,c,d'].map(isLoopedHop)).toEqual([false, false, true, true])
  })

  test('the loopback exception takes exact ip:port pairs only', () => {
    const before = safeFetchSettings()
    for (const entry of ['localhost:80', '10.0.0.1:80', '127.0.0.1', '127.0.0.1:99999', '0.0.0.0:80']) {
      expect(() => configureSafeFetch({ ownHosts: [], loopbackAllowed: [entry] })).toThrow(AppError)
    }
    expect(safeFetchSettings()).toBe(before)
  })
})

describe('redirects (B4)', () => {
  const redirect = (to: string, status = 302) => {
    answer = (request, response) => {
      if (request.url === '/end') response.end('end')
      else response.writeHead(status, { location: to }).end()
    }
  }

  test.each([
    ['to the canary', () => `http://127.0.0.2:${canaryPort}/`, 'UPSTREAM_ADDRESS_BLOCKED'],
    ['to a name of the canary', () => `http://rebind.example:${canaryPort}/`, 'UPSTREAM_ADDRESS_BLOCKED'],
    ['to a file', () => 'file:///etc/passwd', 'UPSTREAM_SCHEME_NOT_ALLOWED'],
    ['with credentials', () => 'http://u:p@good.example/', 'UPSTREAM_URL_HAS_CREDENTIALS'],
    ['in circles', () => '/again', 'UPSTREAM_TOO_MANY_REDIRECTS'],
    ['to ourselves', () => 'http://own.example/', 'UPSTREAM_IS_SELF'],
    ['to nonsense', () => 'http://[', 'UPSTREAM_URL_INVALID'],
  ])('%s', async (_name, to, code) => {
    resolve = () => [{ address: '127.0.0.2', family: 4 }]
    redirect(to())
    expect(await codeOf(get(base))).toBe(code)
    expect(canaryHits).toBe(0)
  })

  test('a chain of six is refused after five', async () => {
    redirect('/again')
    await codeOf(get(base))
    expect(seen).toHaveLength(6)
  })

  test('relative addresses and the final address', async () => {
    redirect('/end')
    const response = await get(`${base}/start`)
    expect([response.status, response.url]).toEqual([200, `${base}/end`])
    response.cancel()
  })

  test('secrets do not cross origins, and do within one', async () => {
    answer = (request, response) => {
      if (request.url === '/start') response.writeHead(307, { location: '/end' }).end()
      else if (request.url === '/leave') response.writeHead(302, { location: `${rawBase}/` }).end()
      else response.end()
    }
    await text(`${base}/start`, { headers: { Authorization: 'Bearer x' } })
    expect(seen.map(request => request.headers.authorization)).toEqual(['Bearer x', 'Bearer x'])
    let received = ''
    rawServer.once('connection', socket => socket.once('data', data => (received = data.toString())))
    raw = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
    expect(await text(`${base}/leave`, { headers: { authorization: 'Bearer x', cookie: 'a=b' } })).toBe('ok')
    expect(received).toMatch(/^GET \/ HTTP/)
    expect(received.toLowerCase()).not.toMatch(/bearer|cookie/)
  })
})

describe('answers that never end or lie', () => {
  test('silence before the headers ends at the header deadline', async () => {
    answer = () => {}
    const startedAt = performance.now()
    expect(await codeOf(get(base, { headersTimeoutMs: 150 }))).toBe('UPSTREAM_TIMEOUT')
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })

  test('a byte now and then does not escape the total deadline (C3)', async () => {
    answer = (_request, response) => {
      const timer = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(timer))
    }
    expect(await codeOf(text(base, { totalTimeoutMs: 300, idleTimeoutMs: 200 }))).toBe('UPSTREAM_TIMEOUT')
  })

  test('silence inside the body is a stall, a slow reader is not', async () => {
    answer = (_request, response) => response.write(Buffer.alloc(400_000))
    expect(await codeOf(text(base, { totalTimeoutMs: null, idleTimeoutMs: 150 }))).toBe('UPSTREAM_STALLED')
    const response = await get(base, { totalTimeoutMs: null, idleTimeoutMs: 150 })
    response.body.once('readable', () => {})
    await new Promise(done => setTimeout(done, 400))
    expect(response.body.destroyed).toBe(false)
    response.cancel()
  })

  test('more than maxBytes', async () => {
    answer = (_request, response) => response.end(Buffer.alloc(100_000))
    expect(await codeOf(text(base, { maxBytes: 50_000 }))).toBe('UPSTREAM_TOO_LARGE')
    expect(await codeOf(readBody(await get(base), { maxBytes: 50_000 }))).toBe('UPSTREAM_TOO_LARGE')
  })

  test.each([
    ['cut short', 'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort', 'UPSTREAM_PROTOCOL_ERROR'],
    [
      'D5-105: both lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
      'UPSTREAM_PROTOCOL_ERROR',
    ],
    ['D5-106: a header of a megabyte', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(1e6)}\r\n\r\nok`, 'UPSTREAM_PROTOCOL_ERROR'],
    ['no HTTP at all', 'FAILED TO CONNECT', 'UPSTREAM_PROTOCOL_ERROR'],
    ['a closed door', '', 'UPSTREAM_UNREACHABLE'],
    ['bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok', 'accepted'],
  ])('%s', async (_name, bytes, code) => {
    raw = bytes
    expect(await codeOf(text(rawBase))).toBe(code)
  })

  test('an answer that breaks together with its headers says so, under a signal too', async () => {
    raw = `HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345${'x'.repeat(5e5)}`
    const { signal } = new AbortController()
    expect(['accepted', 'UPSTREAM_PROTOCOL_ERROR']).toContain(await codeOf(text(rawBase, { signal })))
  })

  test('D5-104: Content-Length 5 followed by far more gives five bytes', async () => {
    raw = `HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345${'x'.repeat(5e6)}`
    expect(['12345', 'UPSTREAM_PROTOCOL_ERROR']).toContain(await text(rawBase).catch(error => error.code))
  })

  test('nobody there', async () => {
    const gone = net.createServer()
    const port = await listen(gone, '127.0.0.1')
    await new Promise(done => gone.close(done))
    const before = safeFetchSettings()
    configureSafeFetch({ ...before, loopbackAllowed: [...before.loopbackAllowed, `127.0.0.1:${port}`] })
    expect(await codeOf(get(`http://127.0.0.1:${port}/`))).toBe('UPSTREAM_UNREACHABLE')
  })
})

describe('packed bodies (B27)', () => {
  const packed =
    (bytes: Buffer): Answer =>
    (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bytes)

  test('asked for or not, they are unpacked; on request they are left alone', async () => {
    answer = packed(gzipSync('hello'))
    expect(await text(base, { decompress: true })).toBe('hello')
    expect(await text(base)).toBe('hello')
    expect(seen.map(request => request.headers['accept-encoding'])).toEqual(['gzip, deflate, br', 'identity'])
    expect((await readBody(await get(base, { decompress: false }), { maxBytes: 99 })).subarray(0, 2)).toEqual(
      Buffer.from([0x1f, 0x8b]),
    )
  })

  test('a bomb of 65 kB ends at the ratio with little memory', async () => {
    const bomb = gzipSync(Buffer.alloc(67_000_000))
    answer = packed(bomb)
    const response = await get(base, { decompress: true })
    let received = 0
    const drained = (async () => {
      for await (const chunk of response.body) received += (chunk as Buffer).length
    })()
    expect(await codeOf(drained)).toBe('DECOMPRESSION_LIMIT')
    expect(bomb.length).toBeLessThan(70_000)
    expect(received).toBeLessThan(14_000_000)
  })

  test('the absolute cap counts unpacked bytes', async () => {
    answer = packed(gzipSync(Buffer.alloc(900_000)))
    expect(await codeOf(text(base, { decompress: true, maxBytes: 500_000 }))).toBe('DECOMPRESSION_LIMIT')
  })

  test('garbage and truncation are protocol errors', async () => {
    answer = packed(Buffer.from('not gzip'))
    expect(await codeOf(text(base))).toBe('UPSTREAM_PROTOCOL_ERROR')
    answer = packed(gzipSync(Buffer.from('a'.repeat(5_000))).subarray(0, 20))
    expect(await codeOf(text(base))).toBe('UPSTREAM_PROTOCOL_ERROR')
  })
})

describe('departures', () => {
  test('the signal ends the wait and the body, and the provider sees the socket close', async () => {
    const closed = new Promise<void>(done => {
      answer = (_request, response) => {
        response.write('x')
        response.on('close', done)
      }
    })
    const controller = new AbortController()
    const response = await get(base, { totalTimeoutMs: null, signal: controller.signal })
    controller.abort()
    await closed
    await expect(readBody(response, { maxBytes: 9 })).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('cancel closes at once and may be called twice', async () => {
    const closed = new Promise<void>(done => {
      answer = (_request, response) => {
        response.write('x')
        response.on('close', done)
      }
    })
    const response = await get(base, { totalTimeoutMs: null })
    response.cancel()
    response.cancel()
    await closed
  })

  test('an aborted signal sends nothing', async () => {
    await expect(get(base, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })
    expect(seen).toHaveLength(0)
  })
})
