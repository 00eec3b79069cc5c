import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseXmltv } from '@iptv/xmltv'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { addProvider, importNow } from './catalogue-steps'
import { type GuideServer, importGuideNow, plantGuideProvider, programmeXml, serveGuide, thisHour, tv } from './guide-steps'
import { startWorld, type World } from './harness'

const HOUR = 3_600_000
const at = (hours: number) => new Date(thisHour + hours * HOUR)
let world: World
let viewer: Viewer
let server: GuideServer
let rooms: typeof import('@/lib/epg')
let first: number
let second: number
beforeAll(async () => {
  world = await startWorld()
  viewer = await world.makeViewer()
  server = await serveGuide(world)
  rooms = await import('@/lib/epg')
  first = await plantGuideProvider(viewer.accountId, { guideUrl: `${server.url}/guide.xml` })
  second = await plantGuideProvider(viewer.accountId, { guideUrl: `${server.url}/guide.xml` })
  const hours = (channel: string, title: string) =>
    [-2, -1, 0, 1, 2, 3].map(hour => programmeXml(channel, hour, `${title} ${hour}`)).join('')
  server.body = tv(
    '<channel id="news.demo"><display-name>News</display-name><icon src="http://x.example/n.png"/></channel>',
    hours('news.demo', 'News'),
    hours('Mixed.Case', 'Mixed'),
    hours('nobody.demo', 'Nobody'),
  )
  await importGuideNow(first)
  server.body = tv(hours('news.demo', 'Other'), hours('second.demo', 'Second'))
  await importGuideNow(second)
  await list(first, 'news.demo', 'mixed.case', 'unknown.demo')
  await list(second, 'news.demo', 'second.demo')
})
afterAll(async () => {
  server.end()
  await world.end()
})

/** Channels of a provider that name these ids. */
async function list(providerId: number, ...guideIds: string[]): Promise<void> {
  const { pool } = await import('@/lib/platform/db')
  for (const [n, guideId] of guideIds.entries()) {
    await pool().query(
      `WITH made AS (INSERT INTO item (kind, owner_id, name, sort_name, match_key, guide_id)
         VALUES ('channel', $1, $3, $3, $3, $3) RETURNING id)
       INSERT INTO source (item_id, provider_id, kind, provider_item_id, name) SELECT id, $2, 'channel', $4, $3 FROM made`,
      [viewer.accountId, providerId, guideId, String(n)],
    )
  }
}

async function collect(providerIds: number[], options = {}) {
  const channels = []
  const programmes = []
  for await (const piece of rooms.streamGuide(providerIds, options)) {
    if (piece.channels) {
      expect(programmes).toEqual([])
      channels.push(...piece.channels)
    } else programmes.push(...piece.programmes)
  }
  return { channels, programmes }
}

test('a guide has the channels that items name, under the ids they name', async () => {
  const { channels, programmes } = await collect([first])
  expect(channels).toEqual([
    { id: 'mixed.case', names: [], icon: null },
    { id: 'news.demo', names: ['News'], icon: 'http://x.example/n.png' },
  ])
  expect(programmes.map(({ channel, title }) => `${channel} ${title}`)).toEqual([
    ...[-2, -1, 0, 1, 2, 3].map(hour => `mixed.case Mixed ${hour}`),
    ...[-2, -1, 0, 1, 2, 3].map(hour => `news.demo News ${hour}`),
  ])
})

test('a channel of the guide that several ids mean is told under each, in time', async () => {
  const shared = await plantGuideProvider(viewer.accountId, { guideUrl: `${server.url}/guide.xml` })
  const before = server.body
  server.body = tv(programmeXml('One.Id', 1, 'Later'), programmeXml('One.Id', 0, 'Sooner'))
  await importGuideNow(shared)
  server.body = before
  await list(shared, 'one.id', 'ONE.ID', 'One.Id')
  const { programmes } = await collect([shared])
  expect(programmes.map(({ channel, title }) => `${channel} ${title}`).toSorted()).toEqual([
    'ONE.ID Later',
    'ONE.ID Sooner',
    'One.Id Later',
    'One.Id Sooner',
    'one.id Later',
    'one.id Sooner',
  ])
  for (const id of ['ONE.ID', 'One.Id', 'one.id']) {
    expect(programmes.filter(({ channel }) => channel === id).map(({ title }) => title)).toEqual(['Sooner', 'Later'])
  }
})

test('of two providers that name one id, the one asked for first gives it', async () => {
  const both = await collect([first, second])
  expect(both.channels.map(({ id }) => id)).toEqual(['mixed.case', 'news.demo', 'second.demo'])
  expect(both.programmes.filter(({ channel }) => channel === 'news.demo').map(({ title }) => title)).toContain('News 0')
  const turned = await collect([second, first])
  expect(turned.programmes.filter(({ channel }) => channel === 'news.demo').map(({ title }) => title)).toContain('Other 0')
  expect(await collect([])).toEqual({ channels: [], programmes: [] })
})

test('a window has what is on in it', async () => {
  const { programmes } = await collect([second], { from: at(0.5), to: at(2) })
  expect(programmes.map(({ title }) => title)).toEqual(['Other 0', 'Other 1', 'Second 0', 'Second 1'])
})

test('one channel: what is on and what follows, or all of it', async () => {
  const ref = { providerId: first, guideId: 'MIXED.case' }
  const short = await rooms.listProgrammes(ref, { from: at(0.5), limit: 3 })
  expect(short.map(({ title }) => title)).toEqual(['Mixed 0', 'Mixed 1', 'Mixed 2'])
  expect(short[0]).toMatchObject({ start: at(0), stop: at(1), details: { language: 'en' }, categories: [], subTitle: null })
  expect(await rooms.listAllProgrammes(ref)).toHaveLength(6)
  expect(await rooms.listAllProgrammes({ providerId: second, guideId: 'mixed.case' })).toEqual([])
})

test('now and next of many channels come in the order asked', async () => {
  const refs = [
    { providerId: second, guideId: 'second.demo' },
    { providerId: first, guideId: 'unknown.demo' },
    { providerId: first, guideId: 'news.demo' },
  ]
  const titles = async (when: Date) =>
    (await rooms.findNowNext(refs, when)).map(({ now, next }) => [now?.title ?? null, next?.title ?? null])
  expect(await titles(at(0.5))).toEqual([
    ['Second 0', 'Second 1'],
    [null, null],
    ['News 0', 'News 1'],
  ])
  expect(await titles(at(-3))).toEqual([
    [null, 'Second -2'],
    [null, null],
    [null, 'News -2'],
  ])
  expect(await titles(at(3.5))).toEqual([
    ['Second 3', null],
    [null, null],
    ['News 3', null],
  ])
  expect(await titles(at(9))).toEqual([
    [null, null],
    [null, null],
    [null, null],
  ])
  expect(await rooms.findNowNext([])).toEqual([])
})

test('a reader that leaves holds nothing', async () => {
  for await (const piece of rooms.streamGuide([first, second])) if (piece.programmes) break
  const { pool } = await import('@/lib/platform/db')
  await expect.poll(() => pool().totalCount - pool().idleCount).toBe(0)
})

test('the guide of a real account is one that other readers and the DTD accept', async () => {
  const id = await addProvider(world, viewer, 'normal')
  await importNow(viewer, id)
  await importGuideNow(id)
  let text = rooms.xmltvHeader('WatchTheFlix')
  for await (const { channels, programmes } of rooms.streamGuide([id])) {
    for (const channel of channels ?? []) text += rooms.xmltvChannel(channel)
    for (const programme of programmes ?? []) text += rooms.xmltvProgramme(programme)
  }
  text += rooms.xmltvFooter
  const read = parseXmltv(text)
  expect(read.channels?.length).toBeGreaterThan(30)
  expect(read.programmes?.length).toBeGreaterThan(1_000)
  expect(read.programmes?.[0]?.start).toBeInstanceOf(Date)
  const dtd = '/usr/share/xmltv/xmltv.dtd'
  if (!existsSync(dtd)) return
  const folder = mkdtempSync(join(tmpdir(), 'wtf-xmltv-'))
  writeFileSync(join(folder, 'guide.xml'), text)
  execFileSync('xmllint', ['--noout', '--dtdvalid', dtd, '--nonet', join(folder, 'guide.xml')], { stdio: 'ignore' })
  rmSync(folder, { recursive: true })
})
