import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { LineInput, NewLineView, Viewer } from '@/lib/accounts/schema'
import { TEST_MEDIA } from '../test-media'
import { addProvider, importNow } from './catalogue-steps'
import { startWorld, type World } from './harness'

export interface GatewayWorld extends World {
  viewer: Viewer
  providerId: number
  base: string
  /** What went wrong without anybody being told. */
  failures: string[]
  makeLine(input?: Partial<LineInput>, viewer?: Viewer): Promise<MadeLine>
  /** player_api.php of a line. */
  api(line: MadeLine, query?: string): Promise<unknown>
  endAll(): Promise<void>
}

export interface MadeLine extends NewLineView {
  id: number
  /** `username=…&password=…` */
  query: string
  /** `USER/PASSWORD` */
  path: string
}

/** The scripted provider's normal catalogue behind the real gateway over HTTP, with the bus running. */
export async function startGatewayWorld(): Promise<GatewayWorld> {
  const world = await startWorld({
    mediaDir: TEST_MEDIA,
    env: { PUBLIC_URL: 'http://tv.example', ORIGINS: 'https://tv.example:8443' },
  })
  const { startBus, stopBus } = await import('@/lib/platform/bus')
  const { subscribeAll } = await import('@/lib/process/subscriptions')
  await startBus()
  subscribeAll()
  const viewer = await world.makeViewer({ role: 'admin' })
  const providerId = await addProvider(world, viewer, 'normal')
  await importNow(viewer, providerId)
  const failures: string[] = []
  const server = await listen(failures)
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { createDevice } = await import('@/lib/gateway')
  return {
    ...world,
    viewer,
    providerId,
    base,
    failures,
    makeLine: async (input = {}, owner = viewer) => {
      const made = await createDevice(owner, { name: 'Living room', ...input }, { address: '127.0.0.1', host: 'tv.example' })
      const { username } = made.line
      const query = `username=${username}&password=${made.password}`
      return { ...made, id: made.line.id, query, path: `${username}/${made.password}` }
    },
    api: async (line, query = '') => (await fetch(`${base}/player_api.php?${line.query}${query}`)).json(),
    endAll: async () => {
      const playback = await import('@/lib/playback')
      const { listPlans, forgetPlan } = await import('@/lib/playback/session-plans')
      for (const { record } of listPlans()) await forgetPlan(record.id)
      playback.closeAllRelays()
      server.closeAllConnections()
      server.close()
      await stopBus()
      await world.end()
    },
  }
}

async function listen(failures: string[]): Promise<http.Server> {
  const { getRequestListener } = await import('@hono/node-server')
  const { addXtream, createGateway, answerFromMemory } = await import('@/lib/gateway')
  const { streamAccess } = await import('@/lib/playback')
  const app = createGateway({
    access: streamAccess('page'),
    addXtream,
    isLoopedHop: () => false,
    onError: error => failures.push(`${error.message} ${error.cause instanceof Error ? error.cause.stack : ''}`),
  })
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  const server = http.createServer((request, response) => {
    // As server.mjs does: who is at the other end is said by the guard. Tests may be somebody else.
    request.headers['x-client-address'] = String(request.headers['x-test-address'] ?? '127.0.0.1')
    if (!answerFromMemory(request, response)) void listener(request, response)
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return server
}

/** Reads from a stream until `bytes` have come; the returned function ends it. */
export async function watch(url: string, bytes = 20_000, headers: Record<string, string> = {}): Promise<Watching> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { headers }, response => {
      let got = 0
      const ended = new Promise<void>(done => response.once('close', done))
      const state = {
        status: response.statusCode ?? 0,
        code: response.headers['x-error-code'],
        ended,
        stop: () => request.destroy(),
      }
      response.on('data', (part: Buffer) => {
        got += part.length
        if (got >= bytes) resolve(state)
      })
      response.once('close', () => resolve(state))
      response.on('error', () => {})
    })
    request.once('error', reject)
  })
}

export interface Watching {
  status: number
  code: string | string[] | undefined
  /** Resolves when the stream has ended, whoever ended it. */
  ended: Promise<void>
  stop(): void
}

export async function until(condition: () => boolean | Promise<boolean>, ms = 30_000): Promise<number> {
  const began = performance.now()
  while (!(await condition())) {
    if (performance.now() - began > ms) throw new Error(`not within ${ms} ms`)
    await new Promise(done => setTimeout(done, 25))
  }
  return performance.now() - began
}

/** fetch unpacks and chooses the host by itself. */
export const rawGet = async (address: string, headers: Record<string, string>): Promise<Buffer> =>
  (await rawAnswer(address, headers)).body

export function rawAnswer(address: string, headers: Record<string, string>): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    http
      .get(address, { headers }, response => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
        )
      })
      .on('error', reject)
  })
}

export interface RawAnswer {
  status: number
  headers: http.IncomingHttpHeaders
  body: Buffer
}

export interface Sent {
  path: string
  method?: string
  body?: string
  headers?: Record<string, string>
}

/** Raw, because fetch tidies addresses up before it sends them. */
export function sendTo(
  base: string,
  { path, method = 'GET', body, headers = {} }: Sent,
): Promise<{ status: number; code: string | null; text: string }> {
  const { hostname, port } = new URL(base)
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path, method, headers }, response => {
      let text = ''
      response.setEncoding('latin1')
      response.on('data', (part: string) => {
        text += part
        if (text.length > 200_000) response.destroy()
      })
      response.on('close', () => {
        const code = response.headers['x-error-code']
        resolve({ status: response.statusCode ?? 0, code: typeof code === 'string' ? code : null, text })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}
