// A push service as browsers' makers run it: takes closed messages over HTTP, opens them as a device would, checks the
// signature of whoever sends. What it answers is in the endpoint: /push/ok/N, /push/gone/N, /push/busy/N …; /push/cut/N takes a
// message and hangs up.
import { createECDH, createPublicKey, type ECDH, randomBytes, verify } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'

interface HttpEce {
  decrypt(body: Buffer, options: { version: string; privateKey: ECDH; authSecret: string }): Buffer
}

const require = createRequire(import.meta.url)
const ece = require('http_ece') as HttpEce

export interface TakenPush {
  /** Number of the device: the last part of its endpoint. */
  device: number
  scenario: string
  topic: string
  ttl: number
  urgency: string
  /** What the device reads. */
  notice: Record<string, unknown>
  at: number
}

export interface PushService {
  url: string
  /** Every message that was taken with 201, also those that replaced another one of their topic. */
  taken: TakenPush[]
  /** Requests a scenario and device, whatever was answered. */
  asked: { scenario: string; device: number; status: number }[]
  /** Signatures that were wrong. */
  refused: string[]
  /** What a browser would send to the server for a new device of this scenario. */
  subscribe(scenario?: string): { endpoint: string; keys: { p256dh: string; auth: string } }
  /** Answers of `busy`, `broken` and the others become 201 from now on. */
  heal(): void
  /** How long it thinks about a whole message. */
  answerMs: number
  close(): Promise<void>
}

const more: Record<number, Record<string, string>> = { 429: { 'retry-after': '2' }, 302: { location: '/push/ok/999' } }
const answers: Record<string, number> = {
  ok: 201,
  gone: 410,
  missing: 404,
  busy: 429,
  large: 413,
  broken: 500,
  keys: 403,
  moved: 302,
}

/** All devices share one pair of keys: what differs is their endpoint, and ten thousand pairs cost seconds. */
function deviceKeys() {
  const ecdh = createECDH('prime256v1')
  ecdh.generateKeys()
  return { ecdh, p256dh: ecdh.getPublicKey('base64url'), auth: randomBytes(16).toString('base64url') }
}

/** RFC 8292: an ES256 token for this service, not yet over, signed with the key that stands beside it. */
function checkVapid(header: string | undefined, origin: string): string | null {
  const [, token = '', key = ''] = /^vapid t=([^,]+), ?k=(.+)$/.exec(header ?? '') ?? []
  const [head = '', body = '', signature = ''] = token.split('.')
  const point = Buffer.from(key, 'base64url')
  if (point.length !== 65) return 'no key'
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  }
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' })
  const signed = Buffer.from(`${head}.${body}`)
  if (!verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')))
    return 'wrong signature'
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as { aud: string; exp: number; sub: string }
  if (claims.aud !== origin) return `for ${claims.aud}`
  const now = Date.now() / 1_000
  if (claims.exp < now || claims.exp > now + 86_400) return 'its time is over, or more than a day away'
  return /^(mailto:|https:)/.test(claims.sub) ? null : `subject ${claims.sub}`
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

export async function startPushService(port = 0): Promise<PushService> {
  const { ecdh, p256dh, auth } = deviceKeys()
  let devices = 0
  let healthy = false
  const state: Pick<PushService, 'taken' | 'asked' | 'refused'> = { taken: [], asked: [], refused: [] }
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const [, scenario = '', number = ''] = /^\/push\/(\w+)\/(\d+)$/.exec(request.url ?? '') ?? []
    const body = await readAll(request)
    const fault = checkVapid(request.headers.authorization, service.url)
    if (fault) state.refused.push(fault)
    const device = Number(number)
    const status = fault ? 403 : healthy ? 201 : (answers[scenario] ?? 201)
    state.asked.push({ scenario, device, status })
    if (scenario === 'silent' && !healthy) return
    if (status === 201) {
      const plain = ece.decrypt(body, { version: 'aes128gcm', privateKey: ecdh, authSecret: auth })
      const { topic = '', ttl, urgency = '' } = request.headers
      state.taken.push({
        device,
        scenario,
        topic: String(topic),
        ttl: Number(ttl),
        urgency: String(urgency),
        notice: JSON.parse(plain.toString()) as Record<string, unknown>,
        at: Date.now(),
      })
    }
    if (service.answerMs > 0) await new Promise(done => setTimeout(done, service.answerMs))
    if (scenario === 'cut' && !healthy) return response.destroy()
    response.writeHead(status, more[status]).end()
  }
  const server = createServer((request, response) => {
    take(request, response).catch(error => {
      // A sender that dies before its message is whole has sent none.
      if (!request.complete) return
      state.refused.push(String(error))
      response.writeHead(400).end()
    })
  })
  await new Promise<void>(done => {
    server.listen(port, '127.0.0.1', done)
  })
  const service: PushService = {
    ...state,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    subscribe: (scenario = 'ok') => {
      devices += 1
      return { endpoint: `${service.url}/push/${scenario}/${devices}`, keys: { p256dh, auth } }
    },
    answerMs: 0,
    heal: () => {
      healthy = true
    },
    close: () =>
      new Promise(done => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
  return service
}
