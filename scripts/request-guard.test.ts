import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isGatewayPath } from '@/lib/gateway/app'
import { createRequestGuard } from './request-guard.mjs'

let server: http.Server
let port = 0

/** Answers 200 with what the guard let through. */
beforeAll(async () => {
  const guard = createRequestGuard({ dev: false, trustedProxies: '', isForApps: isGatewayPath })
  server = http.createServer((request, response) => {
    const pathname = guard(request, response)
    if (pathname === null) return
    const { 'x-client-address': client, 'x-nonce': nonce, 'x-matched-path': matched } = request.headers
    response.end(JSON.stringify({ pathname, url: request.url, client, hasNonce: nonce !== undefined, matched }))
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  port = (server.address() as AddressInfo).port
})
afterAll(() => server.close())

/** Raw: no client would send most of this. */
function send(path: string, method = 'GET', headers = ''): Promise<{ status: number; policy: boolean; body: string }> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`${method} ${path} HTTP/1.1\r\nhost: tv.example\r\nconnection: close\r\n${headers}\r\n`),
    )
    socket.setEncoding('utf8')
    socket.on('data', part => {
      text += part
    })
    socket.on('error', reject)
    socket.on('close', () => {
      const [head = '', body = ''] = text.split('\r\n\r\n')
      const json = /\{.*\}/s.exec(body)?.[0] ?? ''
      resolve({ status: Number(head.split(' ')[1]), policy: /content-security-policy/i.test(head), body: json })
    })
  })
}

test('D2-51: TRACE is answered 405 at both doors and tells nothing back', async () => {
  for (const path of ['/', '/player_api.php?username=a&password=b', '/live/a/b/1.ts']) {
    expect(await send(path, 'TRACE', 'cookie: session=secret\r\n')).toEqual({ status: 405, policy: false, body: '' })
  }
})

test('what cannot be decoded is taken as it stands for pages, and left to the gateway for apps', async () => {
  const urlOf = async (path: string) => JSON.parse((await send(path)).body).url
  expect(await urlOf('/title/%?a=%')).toBe('/title/%25?a=%')
  expect(await urlOf('/watch/%ff')).toBe('/watch/%25ff')
  expect(await urlOf('/shows/%C3%A9?a=%')).toBe('/shows/%C3%A9?a=%')
  expect(await urlOf('/live/%ff/b/1.ts')).toBe('/live/%ff/b/1.ts')
})

describe('addresses that begin with several slashes', () => {
  test.each([
    ['//player_api.php?username=a&password=b', '/player_api.php'],
    ['///get.php?username=a', '/get.php'],
    ['//live/a/b/1.ts', '/live/a/b/1.ts'],
    ['//a/b/1', '/a/b/1'],
  ])('%s is %s: apps put their slash behind that of the person', async (path, pathname) => {
    const { status, body } = await send(path)
    expect([status, JSON.parse(body)]).toMatchObject([200, { pathname, url: path.replace(/^\/+/, '/') }])
  })

  test.each(['//evil.example', '//evil.example/%2e%2e', '//admin', '///', '//', '//_next/static/x.js'])(
    '%s is refused: to a browser it names another host',
    async path => expect((await send(path)).status).toBe(400),
  )

  test.each(['http://evil.example/', 'admin', '*'])('%s is no address of ours', async path => {
    expect((await send(path, path === '*' ? 'OPTIONS' : 'GET')).status).toBe(400)
  })
})

test('what steers from outside is taken away, and who is at the other end is said by the socket', async () => {
  const forged = 'x-client-address: 10.0.0.1\r\nx-forwarded-for: 10.0.0.2\r\nx-matched-path: /admin\r\nx-nonce: known\r\n'
  const page = await send('/channels', 'GET', forged)
  expect(JSON.parse(page.body)).toEqual({ pathname: '/channels', url: '/channels', client: '127.0.0.1', hasNonce: true })
  expect([page.status, page.policy]).toEqual([200, true])
  const app = await send('/player_api.php', 'GET', forged)
  expect(JSON.parse(app.body)).toMatchObject({ client: '127.0.0.1' })
  expect([app.status, app.policy]).toEqual([200, false])
  expect((await send('/_next/image?url=x')).status).toBe(404)
})
