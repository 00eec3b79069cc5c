import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type APIRequestContext, expect, request, test } from '@playwright/test'
import { address, addSource, admin, anna, apiFor, bert, errorCode, firstItem, isOfGuide, waitForGuide } from './world'

// All routes x (anonymous, viewer, other account, admin), read from the code: a new route is in here by existing.
interface Route {
  path: string
  method: string
  who: string
}

function* routeFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* routeFiles(path)
    else if (entry.name === 'route.ts') yield path
  }
}

const routes: Route[] = [...routeFiles('app')].flatMap(file => {
  const path = `/${file
    .split('/')
    .slice(1, -1)
    .filter(part => !/^\(.*\)$/.test(part))
    .join('/')}`
  const declared = readFileSync(file, 'utf8').matchAll(/export const (GET|POST|PUT|PATCH|DELETE) = route\(\{\s*who: '(\w+)'/g)
  return [...declared].map(([, method = '', who = '']) => ({ path, method, who }))
})

const own: Record<string, string> = {}
/** Of the viewer, in the query instead of the path; others are told that it does not exist. */
const inQuery = new Set(['/api/guide', '/api/guide/programme'])
let people: Record<'anonymous' | 'viewer' | 'other' | 'admin', APIRequestContext>

test.beforeAll(async () => {
  const viewer = await apiFor(anna)
  const other = await apiFor(bert)
  people = { anonymous: await request.newContext({ baseURL: address }), viewer, other, admin: await apiFor(admin) }
  own.providers = String(await addSource(viewer, 'normal', 'Matrix TV'))
  const channel = await firstItem(viewer, 'channel')
  own.items = String(channel.id)
  const page = await (await viewer.get(`/api/items/${channel.id}`)).json()
  own.sources = String(page.sources[0].id)
  const sessions: { id: string; current: boolean }[] = await (await viewer.get('/api/sessions')).json()
  own.sessions = sessions.find(one => one.current)?.id ?? ''
  const capabilities = { video: ['h264'], audio: ['aac'], containers: ['mp4'] }
  own.playback = (await (await viewer.post('/api/playback', { data: { itemId: channel.id, capabilities } })).json()).sessionId
  own.lines = String((await (await viewer.post('/api/lines', { data: { name: 'Matrix' } })).json()).line.id)
  const guide = { name: 'Matrix guide', url: 'https://guide.example/matrix.xml' }
  own['guide-sources'] = String((await (await viewer.post('/api/guide-sources', { data: guide })).json()).id)
  own['guide-matches'] = own.items
  await readGuide(viewer)
  await plantReminder(viewer)
  own.picture = String((await firstItem(viewer, 'movie')).id)
})

test.afterAll(async () => {
  await people.viewer.delete(`/api/reminders/${own.reminders}`)
  await people.viewer.delete(`/api/notifications/${own.notifications}`)
  await people.viewer.delete(`/api/guide-sources/${own['guide-sources']}`)
  await people.viewer.delete(`/api/providers/${own.providers}`)
  for (const api of Object.values(people)) await api.dispose()
})

const nobody = '00000000-0000-4000-8000-000000000000'
const MISSING = '2147483647'

function roomOf(path: string): string {
  if (path.startsWith('/picture')) return 'picture'
  if (/favourites|history/.test(path)) return 'items'
  return path.includes('providers') ? 'providers' : (path.split('/')[2] ?? '')
}

/** The guide of the source is read after its catalogue; then there is a programme to ask for. */
async function readGuide(viewer: APIRequestContext): Promise<void> {
  await waitForGuide(viewer)
  const { ids } = await (await viewer.get('/api/guide/channels')).json()
  queries['/api/guide'] = `?ids=${ids.slice(0, 30)}&from=${Math.floor(Date.now() / 1_000)}`
  const { channels } = await (await viewer.get(`/api/guide${queries['/api/guide']}`)).json()
  const known = (channels as { id: number; cells: number[][] }[]).find(({ cells: [first] }) => first && isOfGuide(first))
  queries['/api/guide/programme'] = `?channel=${known?.id}&start=${known?.cells[0]?.[0]}`
}

/** A reminder, the message that it becomes at once because it is due, and the calendar of both. */
async function plantReminder(viewer: APIRequestContext): Promise<void> {
  const { channels } = await (await viewer.get(`/api/guide${queries['/api/guide']}`)).json()
  const now = Date.now() / 1_000
  const soon = channels.flatMap(({ id, cells }: { id: number; cells: number[][] }) =>
    cells.filter(isOfGuide).flatMap(([start = 0]) => (start > now + 60 && start < now + 3_500 ? [{ itemId: id, start }] : [])),
  )[0]
  const made = await viewer.post('/api/reminders', { data: { kind: 'programme', minutes: 60, ...soon } })
  expect(made.status(), await made.text()).toBe(201)
  own.reminders = String((await made.json()).id)
  const told = async () => (await (await viewer.get('/api/notifications')).json()).notifications
  await expect.poll(async () => (await told()).length, { timeout: 30_000 }).toBeGreaterThan(0)
  own.notifications = String((await told())[0].id)
  const { calendar } = await (await viewer.post('/api/notification-settings/calendar')).json()
  own.calendar = String(calendar).split('/').at(-1) ?? ''
}

/** The address of something that belongs to the viewer. */
const ownAddress = (path: string) => path.replace(/\[[^\]]+\]/, own[roomOf(path)] ?? nobody).replace(/\[[^\]]+\]/, MISSING)

const send = (api: APIRequestContext, method: string, path: string) =>
  api.fetch(path, { method, ...(method === 'GET' || method === 'DELETE' ? {} : { data: {} }) })
const call = (api: APIRequestContext, { method, path }: Route) => send(api, method, ownAddress(path))

const queries: Record<string, string> = {
  '/api/categories': '?kind=channel',
  '/api/genres': '?kind=movie',
  '/api/items': '?kind=channel',
  '/api/now': '?ids=1',
  '/api/playback/room': '?ids=1',
  '/api/quality': '?hours=24&by=channel',
  '/api/quality/detail': '?hours=24&by=channel&key=1',
  '/api/search': '?q=light',
  '/api/search/programmes': '?q=light',
}

/**
 * Who may call is let through: a GET answers, a write with nothing in it is at most found wanting. What would end the
 * session, the playback or the source that the other tests need is asked of one that does not exist.
 */
async function expectLetThrough(api: APIRequestContext, { method, path }: Route): Promise<void> {
  const ends = path.includes('[') && (method === 'DELETE' || path.endsWith('/close'))
  const unknown = /^\/api\/(sessions|playback|invites|connections)/.test(path) ? nobody : MISSING
  const target = ends ? path.replace(/\[[^\]]+\]/g, unknown) : ownAddress(path)
  const answer = await send(api, method, `${target}${queries[path] ?? ''}`)
  const allowed = method === 'GET' ? [200] : [200, 201, 202, 204, 400, 404, 409]
  expect(allowed, `${method} ${target}: ${await answer.text()}`).toContain(answer.status())
}

test('the list of routes is not empty', () => {
  expect(routes.length).toBeGreaterThan(30)
})

for (const route of routes) {
  test(`${route.method} ${route.path} (${route.who})`, async () => {
    const anonymous = await call(people.anonymous, route)
    if (route.who === 'public') {
      const allowed = route.method === 'GET' ? [200] : [200, 201, 204, 400, 409]
      expect(allowed, await anonymous.text()).toContain(anonymous.status())
      return
    }
    expect([anonymous.status(), await errorCode(anonymous)]).toEqual([401, 'NOT_SIGNED_IN'])
    if (route.who === 'admin') {
      const viewer = await call(people.viewer, route)
      expect([viewer.status(), await errorCode(viewer)]).toEqual([403, 'FORBIDDEN'])
    }
    if (route.who === 'viewer' && (route.path.includes('[') || inQuery.has(route.path))) await expectStranger(route)
    await expectLetThrough(route.who === 'admin' ? people.admin : people.viewer, route)
  })
}

// Forgetting or closing what one never had succeeds for everything that does not exist, so it tells nothing; that it
// also does nothing is tested below.
const harmless = new Set([
  'DELETE /api/favourites/[id]',
  'DELETE /api/history/[id]',
  'DELETE /api/playback/[id]',
  'POST /api/playback/[id]/close',
])
const bodies: Record<string, object> = {
  'PATCH /api/guide-sources/[id]': { name: 'Mine now' },
  'PUT /api/guide-matches/[id]': { how: 'none' },
  'PATCH /api/providers/[id]': { name: 'Mine now' },
  'POST /api/items/[id]/merge': { itemId: 1 },
  'PATCH /api/lines/[id]': { name: 'Mine now' },
  'POST /api/providers/[id]/logins': { username: 'normal.secret-matrix', password: 'pass-matrix' },
  'PUT /api/profile/providers/[id]': { shown: false },
  'PATCH /api/reminders/[id]': { minutes: 0 },
  'POST /api/playback/[id]/touch': { positionSeconds: 1, durationSeconds: 2 },
}

/** What is somebody else's does not exist. */
async function expectStranger(route: Route): Promise<void> {
  const name = `${route.method} ${route.path}`
  if (harmless.has(name)) return
  const data = route.method === 'GET' || route.method === 'DELETE' ? {} : { data: bodies[name] ?? {} }
  for (const who of ['other', 'admin'] as const) {
    const answer = await people[who].fetch(`${ownAddress(route.path)}${queries[route.path] ?? ''}`, {
      method: route.method,
      ...data,
    })
    expect([who, answer.status(), await errorCode(answer)]).toEqual([who, 404, 'NOT_FOUND'])
  }
}

test('a stranger who closes a playback session closes nothing', async () => {
  const answer = await people.other.delete(`/api/playback/${own.playback}`)
  const unknown = await people.other.delete('/api/playback/00000000-0000-4000-8000-000000000000')
  expect(answer.status()).toBe(unknown.status())
  const touch = await people.viewer.post(`/api/playback/${own.playback}/touch`, {
    data: { positionSeconds: 0, durationSeconds: 0 },
  })
  expect(touch.status(), await touch.text()).toBe(200)
})

test('a stranger who removes a favourite or a history entry of others removes nothing', async () => {
  const { viewer, other, admin: ruler } = people
  const movie = await firstItem(viewer, 'movie')
  const capabilities = {
    video: ['h264', 'hevc', 'vp9', 'av1'],
    audio: ['aac', 'mp3', 'ac3', 'opus'],
    containers: ['mp4', 'matroska', 'webm'],
  }
  const opened = await viewer.post('/api/playback', { data: { itemId: movie.id, capabilities } })
  expect(opened.ok(), await opened.text()).toBe(true)
  const { sessionId } = await opened.json()
  const touched = await viewer.post(`/api/playback/${sessionId}/touch`, { data: { positionSeconds: 60, durationSeconds: 120 } })
  expect(touched.status(), await touched.text()).toBe(200)
  expect((await viewer.put(`/api/favourites/${movie.id}`)).ok()).toBe(true)
  for (const api of [other, ruler]) {
    await api.delete(`/api/favourites/${movie.id}`)
    await api.delete(`/api/history/${movie.id}`)
    await api.delete('/api/history')
  }
  const page = await (await viewer.get(`/api/items/${movie.id}`)).json()
  expect([page.favourite, page.progress?.position]).toEqual([true, 60])
  await viewer.delete(`/api/playback/${sessionId}`)
})

test('the gateway refuses a token that it did not make, without a word', async () => {
  for (const api of Object.values(people)) {
    const answer = await api.get('/stream/live/not-a-token/index.m3u8')
    expect([answer.status(), answer.headers()['x-error-code'], await answer.text()]).toEqual([401, 'TOKEN_INVALID', ''])
  }
})

test('everybody may ask the sign-in for its form token', async () => {
  for (const api of Object.values(people)) {
    const answer = await api.get('/api/auth/csrf')
    expect(answer.status()).toBe(200)
    expect((await answer.json()).csrfToken).toMatch(/^[0-9a-f]{64}$/)
  }
})

test('a page of another site cannot write', async () => {
  const answer = await people.viewer.put('/api/profile', { headers: { origin: 'https://evil.example' }, data: {} })
  expect([403, 405]).toContain(answer.status())
  const patched = await people.viewer.patch('/api/profile', {
    headers: { origin: 'https://evil.example' },
    data: { name: 'Eve' },
  })
  expect([patched.status(), await errorCode(patched)]).toEqual([403, 'BAD_ORIGIN'])
})

test('an account cannot lengthen its own time, nor another’s, and learns of nobody', async () => {
  const ids: string[] = []
  for (const api of [people.viewer, people.other]) ids.push((await (await api.get('/api/me')).json()).account.id)
  for (const api of [people.viewer, people.other]) {
    for (const id of ids) {
      const answer = await api.patch(`/api/accounts/${id}`, { data: { accessEndsAt: null, disabled: false } })
      expect([answer.status(), await errorCode(answer)]).toEqual([403, 'FORBIDDEN'])
    }
    expect((await api.get('/api/accounts')).status()).toBe(403)
  }
  const admins = (await (await people.admin.get('/api/me')).json()).account.id
  const own = await people.admin.patch(`/api/accounts/${admins}`, { data: { disabled: true } })
  expect([own.status(), await errorCode(own)]).toEqual([409, 'CONFLICT'])
  expect((await people.admin.patch(`/api/accounts/${nobody}`, { data: { accessEndsAt: null } })).status()).toBe(404)
})

test('a bedtime needs the password of the account', async () => {
  const data = { bedtime: null, password: 'a guess' }
  const answer = await people.viewer.put('/api/profile/bedtime', { data })
  expect([answer.status(), await errorCode(answer)]).toEqual([400, 'PASSWORD_WRONG'])
})

test('an account cannot make itself an admin', async () => {
  const answer = await people.viewer.patch('/api/profile', { data: { role: 'admin' } })
  expect([answer.status(), await errorCode(answer)]).toEqual([400, 'INVALID_PARAMETER'])
})

test('a Server Action request finds nothing', async () => {
  const answer = await people.viewer.post('/api/setup', { headers: { 'next-action': 'x' }, data: {} })
  expect(answer.status()).toBe(404)
})
