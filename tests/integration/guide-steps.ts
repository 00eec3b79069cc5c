import { createServer } from 'node:http'
import type { Programme } from '@/lib/epg/schema'
import type { World } from './harness'

const HOUR = 3_600_000
/** The hour that has begun, so that programmes made from it are within what is kept. */
export const thisHour = Math.floor(Date.now() / HOUR) * HOUR

const stamp = (ms: number) => `${new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14)} +0000`

/** A programme of `hours` from `offset` hours after this hour on. */
export function programmeXml(channel: string, offset: number, title: string, hours: number | null = 1): string {
  const start = thisHour + offset * HOUR
  const stop = hours === null ? '' : ` stop="${stamp(start + hours * HOUR)}"`
  return `<programme start="${stamp(start)}"${stop} channel="${channel}"><title lang="en">${title}</title></programme>\n`
}

export const tv = (...inside: string[]): string => `<?xml version="1.0" encoding="UTF-8"?>\n<tv>\n${inside.join('')}</tv>\n`

export interface GuideServer {
  url: string
  /** Paths that were asked for, without their query. */
  asked: string[]
  /** What `/guide.xml` answers from now on. */
  body: string | Buffer
  /** Where the guide is. */
  path: string
  /** Break the connection after this many bytes. */
  cutAt: number | null
  /** Send nothing more after this many bytes. */
  pauseAt: number | null
  end(): void
}

/** A server with one guide, whose answer the test sets. */
export async function serveGuide(world: World): Promise<GuideServer> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname
    state.asked.push(path)
    if (path !== state.path) {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<html>404</html>')
      return
    }
    const body = Buffer.from(state.body)
    response.writeHead(200, { 'content-type': 'application/xml', 'content-length': body.length })
    if (state.pauseAt !== null) response.write(body.subarray(0, state.pauseAt))
    else if (state.cutAt === null) response.end(body)
    else response.write(body.subarray(0, state.cutAt), () => setTimeout(() => response.destroy(), 100))
  })
  await new Promise<void>(done => {
    server.listen(0, '127.0.0.1', done)
  })
  const address = server.address()
  const host = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  const state: GuideServer = {
    url: `http://${host}`,
    asked: [],
    body: '',
    path: '/guide.xml',
    cutAt: null,
    pauseAt: null,
    end: () => server.close(),
  }
  const { configureSafeFetch } = await import('@/lib/platform/fetch')
  configureSafeFetch({ ownHosts: [], loopbackAllowed: [host, `127.0.0.1:${world.provider.port}`] })
  return state
}

/** A provider whose guide is at this address; `base` makes it an Xtream account below that address. */
export async function plantGuideProvider(
  ownerId: string | null,
  at: { guideUrl: string | null } | { base: string },
): Promise<number> {
  const { insertProvider } = await import('@/lib/providers/store')
  const credentials =
    'base' in at
      ? ({ kind: 'xtream', base: at.base, username: 'user', password: 'pass' } as const)
      : ({ kind: 'm3u', playlistUrl: 'http://127.0.0.1:1/x.m3u', guideUrl: at.guideUrl, salt: 'salt' } as const)
  return insertProvider({
    ownerId,
    kind: credentials.kind,
    name: 'guide',
    address: 'http://127.0.0.1',
    refreshHours: 24,
    options: { privateNetworks: [], autoMerge: false, delivery: 'proxy' },
    credentials,
    playlistText: null,
    account: null,
  })
}

export interface GuideOutcome {
  sourceId: number
  errorCode: string | null
  state: string
  version: number
  refreshed: boolean
  progress: { programmes: number; dropped: number; changed: number; channels: number; bytes: number }
}

/** Reads the guide of a provider without the queue. */
export async function importGuideNow(providerId: number): Promise<GuideOutcome> {
  const { importGuide } = await import('@/lib/epg')
  const { markQueued, upsertSource } = await import('@/lib/epg/source-store')
  const sourceId = await upsertSource(providerId)
  if (sourceId === null) throw new Error('the provider is gone')
  await markQueued(sourceId)
  await importGuide(sourceId)
  return outcomeOf(sourceId)
}

export async function outcomeOf(sourceId: number): Promise<GuideOutcome> {
  const { pool } = await import('@/lib/platform/db')
  const { rows } = await pool().query<GuideOutcome>(
    `SELECT id AS "sourceId", error_code AS "errorCode", state::text, version, refreshed_at IS NOT NULL AS refreshed, progress
     FROM guide_source WHERE id = $1`,
    [sourceId],
  )
  const [row] = rows
  if (!row) throw new Error('the source is gone')
  return row
}

/** `HH title-HH` of each programme of a channel, hours counted from this hour. */
export async function storedOf(providerId: number, guideId: string): Promise<string[]> {
  const { listAllProgrammes } = await import('@/lib/epg')
  const hour = (at: Date) => (at.getTime() - thisHour) / HOUR
  const programmes: Programme[] = await listAllProgrammes({ providerId, guideId })
  return programmes.map(({ start, stop, title }) => `${hour(start)}-${hour(stop)} ${title}`)
}
