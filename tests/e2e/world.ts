import { type APIRequestContext, type APIResponse, type Browser, expect, request } from '@playwright/test'
import pg from 'pg'
import { PgBoss } from 'pg-boss'
import { cellFlags } from '../../lib/epg/schema'
import { startEmbeddedPostgres } from '../../scripts/embedded-postgres.mjs'

/** Spec files run side by side in this many lanes, each with a server, a database and a provider of its own. */
export const LANES = 2

export function portsOf(lane: number) {
  const first = 4_173 + lane * 20
  return {
    app: first,
    provider: first + 1,
    /** Fakes of the outside that a spec starts itself; the server contacts them only when it needs them. */
    oidc: first + 2,
    mail: first + 3,
    push: first + 4,
    /** For a server that a spec starts itself, which may be a provider. */
    own: first + 5,
  }
}

/** Where the set-up tells the specs of a lane which folder its server is on. */
export const dataDirVariable = (lane: number) => `E2E_DATA_DIR_${lane}`

const lane = Number(process.env.TEST_PARALLEL_INDEX ?? 0)
const ports = portsOf(lane)
export const address = `http://localhost:${ports.app}`
export const providerPort = ports.provider
export const providerAddress = `http://127.0.0.1:${providerPort}`
export const oidcPort = ports.oidc
export const mailPort = ports.mail
export const pushPort = ports.push
export const ownPort = ports.own

/** Asks the database of this lane's server: for waits that are minutes long, which a test shortens. */
export async function askDatabase<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
  const { url } = await startEmbeddedPostgres({ dataDir: process.env[dataDirVariable(lane)] ?? '' })
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(text, values)).rows
  } finally {
    await client.end()
  }
}

/** Has the worker of this lane do a job now that its clock has it do once a minute or more rarely. */
export async function startJob(name: string): Promise<void> {
  const { url } = await startEmbeddedPostgres({ dataDir: process.env[dataDirVariable(lane)] ?? '' })
  const queue = new PgBoss({ connectionString: url, max: 1, supervise: false, schedule: false })
  queue.on('error', () => {})
  await queue.start()
  try {
    await queue.send(name, {})
  } finally {
    await queue.stop({ graceful: false })
  }
}

export interface Person {
  name: string
  email: string
  password: string
}

export const admin: Person = { name: 'Ada Admin', email: 'ada@example.com', password: 'correct horse battery' }
export const anna: Person = { name: 'Anna Viewer', email: 'anna@example.com', password: 'purple monkey dishwasher' }
export const bert: Person = { name: 'Bert Stranger', email: 'bert@example.com', password: 'another long password' }

/** Makes the first account when there is none; every spec file may call it. */
export async function ensureAdmin(): Promise<void> {
  const api = await request.newContext({ baseURL: address })
  const { needed } = await (await api.get('/api/setup')).json()
  if (needed) expect((await api.post('/api/setup', { data: admin })).status()).toBe(201)
  await api.dispose()
}

/** An API client that is signed in as this person; the account is made by invitation when it is missing. */
export async function apiFor(person: Person): Promise<APIRequestContext> {
  const api = await request.newContext({ baseURL: address })
  if (await signIn(api, person)) return api
  await ensureAdmin()
  const adminApi = person === admin ? api : await apiFor(admin)
  if (person !== admin) {
    const { link } = await (await adminApi.post('/api/invites', { data: { note: person.name } })).json()
    const answer = await api.post('/api/accounts', { data: { ...person, invite: String(link).split('#')[1] } })
    expect(answer.status(), await answer.text()).toBe(201)
  }
  expect(await signIn(api, person)).toBe(true)
  return api
}

export async function signIn(api: APIRequestContext, person: Person): Promise<boolean> {
  const { csrfToken } = await (await api.get('/api/auth/csrf')).json()
  const form = { csrfToken, email: person.email, password: person.password, json: 'true' }
  await api.post('/api/auth/callback/credentials', { form })
  return (await api.get('/api/me')).ok()
}

/** As if nobody had chosen anything: what one file chooses is no other's affair. */
const plainChoices = {
  ...{ audio: '', subtitles: '', replaySubtitles: true, nightMode: false, levelling: false },
  captions: { size: 'medium', colour: 'white', back: 'shade', place: 'low' },
}

/** A browser page that is signed in, without going through the sign-in screen. */
export async function pageFor(browser: Browser, person: Person) {
  const api = await apiFor(person)
  const context = await browser.newContext({ storageState: await api.storageState() })
  await api.patch('/api/profile', { data: { player: plainChoices } })
  await api.dispose()
  return context.newPage()
}

export const source = (login: string, name: string) => ({
  kind: 'xtream',
  name,
  address: providerAddress,
  username: login,
  password: 'pass',
})

/** Adds a source and waits until its catalogue has been read; returns its id. */
export async function addSource(api: APIRequestContext, login: string, name: string, extra: object = {}): Promise<number> {
  const answer = await api.post('/api/providers', { data: { ...source(login, name), ...extra } })
  expect(answer.status(), await answer.text()).toBe(201)
  const { id } = await answer.json()
  await expect.poll(() => importState(api, id), { timeout: 60_000 }).toMatch(/succeeded|partial/)
  return id
}

async function importState(api: APIRequestContext, providerId: number): Promise<string> {
  const imports: { providerId: number; state: string }[] = await (await api.get('/api/imports')).json()
  return imports.find(one => one.providerId === providerId)?.state ?? 'none'
}

export async function firstItem(
  api: APIRequestContext,
  kind: 'channel' | 'movie' | 'series',
): Promise<{ id: number; name: string }> {
  const { items } = await (await api.get(`/api/items?kind=${kind}&limit=1`)).json()
  return items[0]
}

export async function errorCode(answer: APIResponse): Promise<string> {
  return (await answer.json().catch(() => null))?.error?.code ?? ''
}

/** What a provider says of now and next stands in for a guide that has not been read yet, and can neither be opened nor reminded of. */
export const isOfGuide = ([, , , , flags]: number[]) => ((flags ?? 0) & cellFlags.isShort) === 0

/** Resolves when the first channels of the guide have programmes. */
export async function waitForGuide(api: APIRequestContext): Promise<void> {
  const { ids } = await (await api.get('/api/guide/channels')).json()
  const known = async () => {
    const { channels } = await (await api.get(`/api/guide?ids=${ids.slice(0, 30)}&from=${Math.floor(Date.now() / 1_000)}`)).json()
    return channels.filter(({ cells }: { cells: number[][] }) => cells.some(isOfGuide)).length
  }
  await expect.poll(known, { timeout: 60_000 }).toBeGreaterThan(10)
}
