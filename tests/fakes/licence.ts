// Licence servers as their vendors run them, as far as a proxy in front of them can tell: which form a challenge has to have, and
// in what the licence comes back. What they answer is in the path: /generic, /axinom, /drmtoday, /doverunner, /page, /huge, /slow …
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface AskedLicence {
  path: string
  headers: IncomingMessage['headers']
  body: Buffer
}

export interface LicenceServer {
  url: string
  asked: AskedLicence[]
  close(): Promise<void>
}

/** The licence of a challenge: not secret here, but no other challenge has it. */
export const licenceFor = (challenge: Buffer): Buffer => Buffer.concat([Buffer.from('licence:'), challenge])

export async function startLicenceServer(): Promise<LicenceServer> {
  const asked: AskedLicence[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const one = { path: request.url ?? '/', headers: request.headers, body: Buffer.concat(parts) }
      asked.push(one)
      answer(one, response)
    })
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise(done => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

type Answer = (one: AskedLicence, response: ServerResponse) => void

const bytes = (response: ServerResponse, body: Buffer) =>
  response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(body)
const refuse: Answer = (_one, response) => response.writeHead(403).end('no')

/** FairPlay's question as a form field. */
function fieldOf({ body, headers }: AskedLicence): Buffer | null {
  if (headers['content-type'] !== 'application/x-www-form-urlencoded') return null
  return Buffer.from(new URLSearchParams(body.toString('latin1').replaceAll('+', '%2B')).get('spc') ?? '', 'base64')
}

const answers: Readonly<Record<string, Answer>> = {
  '/generic': (one, response) => bytes(response, licenceFor(one.body)),
  '/token': (one, response) =>
    one.headers['x-token'] === 'canary-token' ? bytes(response, licenceFor(one.body)) : refuse(one, response),
  '/axinom': (one, response) =>
    typeof one.headers['x-axdrm-message'] === 'string' ? bytes(response, licenceFor(one.body)) : refuse(one, response),
  '/drmtoday': (one, response) => {
    const customer = JSON.parse(Buffer.from(String(one.headers['x-dt-custom-data'] ?? ''), 'base64').toString() || '{}')
    if (!customer.userId || !customer.sessionId) return refuse(one, response)
    const license = licenceFor(one.body).toString('base64')
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ status: 'OK', license }))
  },
  '/drmtoday-fairplay': (one, response) => {
    const spc = fieldOf(one)
    return spc === null ? refuse(one, response) : response.writeHead(200).end(licenceFor(spc).toString('base64'))
  },
  '/doverunner-fairplay': (one, response) => {
    const spc = fieldOf(one)
    const known = typeof one.headers['pallycon-customdata-v2'] === 'string'
    return spc === null || !known ? refuse(one, response) : response.writeHead(200).end(licenceFor(spc).toString('base64'))
  },
  '/playready': (one, response) =>
    String(one.headers.soapaction).includes('AcquireLicense') ? bytes(response, licenceFor(one.body)) : refuse(one, response),
  '/certificate': (_one, response) => bytes(response, Buffer.from('certificate')),
  '/page': (_one, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>sign in</html>'),
  '/empty': (_one, response) => response.writeHead(200).end(),
  '/huge': (_one, response) => bytes(response, Buffer.alloc(2 * 2 ** 20)),
  '/elsewhere': (_one, response) => response.writeHead(302, { location: 'http://127.0.0.2:9/' }).end(),
  '/broken': (_one, response) => response.writeHead(500).end(),
}

function answer(one: AskedLicence, response: ServerResponse): void {
  const known = answers[one.path] ?? refuse
  known(one, response)
}
