import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type APIRequestContext, expect, request, test } from '@playwright/test'
import { address, addSource, admin, anna, apiFor, bert, errorCode, firstItem } from './world'

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
})

test.afterAll(async () => {
  await people.viewer.delete(`/api/providers/${own.providers}`)
  for (const api of Object.values(people)) await api.dispose()
})

/** The address of something that belongs to the viewer. */
function ownAddress(path: string): string {
  const room = /favourites|history|picture/.test(path)
    ? 'items'
    : /providers/.test(path)
      ? 'providers'
      : (path.split('/')[2] ?? '')
  return path.replace(/\[[^\]]+\]/, own[room] ?? '00000000-0000-4000-8000-000000000000')
}

const call = (api: APIRequestContext, { method, path }: Route) =>
  api.fetch(ownAddress(path), { method, ...(method === 'GET' || method === 'DELETE' ? {} : { data: {} }) })

test('the list of routes is not empty', () => {
  expect(routes.length).toBeGreaterThan(30)
})

for (const route of routes) {
  test(`${route.method} ${route.path} (${route.who})`, async () => {
    const anonymous = await call(people.anonymous, route)
    if (route.who === 'public') {
      expect(anonymous.status()).not.toBe(401)
      return
    }
    expect([anonymous.status(), await errorCode(anonymous)]).toEqual([401, 'NOT_SIGNED_IN'])
    if (route.who === 'admin') {
      const viewer = await call(people.viewer, route)
      expect([viewer.status(), await errorCode(viewer)]).toEqual([403, 'FORBIDDEN'])
    }
    if (route.who === 'viewer' && route.path.includes('[')) await expectStranger(route)
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
  'PATCH /api/providers/[id]': { name: 'Mine now' },
  'POST /api/items/[id]/merge': { itemId: 1 },
  'PUT /api/profile/providers/[id]': { shown: false },
  'POST /api/playback/[id]/touch': { positionSeconds: 1, durationSeconds: 2 },
}

/** What is somebody else's does not exist. */
async function expectStranger(route: Route): Promise<void> {
  const name = `${route.method} ${route.path}`
  if (harmless.has(name)) return
  const data = route.method === 'GET' || route.method === 'DELETE' ? {} : { data: bodies[name] ?? {} }
  for (const who of ['other', 'admin'] as const) {
    const answer = await people[who].fetch(ownAddress(route.path), { method: route.method, ...data })
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

test('a page of another site cannot write', async () => {
  const answer = await people.viewer.put('/api/profile', { headers: { origin: 'https://evil.example' }, data: {} })
  expect([403, 405]).toContain(answer.status())
  const patched = await people.viewer.patch('/api/profile', {
    headers: { origin: 'https://evil.example' },
    data: { name: 'Eve' },
  })
  expect([patched.status(), await errorCode(patched)]).toEqual([403, 'BAD_ORIGIN'])
})

test('an account cannot make itself an admin', async () => {
  const answer = await people.viewer.patch('/api/profile', { data: { role: 'admin' } })
  expect([answer.status(), await errorCode(answer)]).toEqual([400, 'INVALID_PARAMETER'])
})

test('a Server Action request finds nothing', async () => {
  const answer = await people.viewer.post('/api/setup', { headers: { 'next-action': 'x' }, data: {} })
  expect(answer.status()).toBe(404)
})
