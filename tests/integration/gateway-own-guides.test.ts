import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { GuideSourceInput } from '@/lib/epg/schema'
import { addProvider, importNow } from './catalogue-steps'
import { type GatewayWorld, type MadeLine, rawGet, startGatewayWorld, until } from './gateway-world'
import { type GuideServer, importGuideNow, programmeXml, serveGuide, tv } from './guide-steps'

interface Row {
  stream_id: number
  epg_channel_id: string | null
}

let world: GatewayWorld
let server: GuideServer
let epg: typeof import('@/lib/epg')
let vera: Viewer
let hers: MadeLine
/** Of another account, and of one more that asks for the same. */
let strangers: MadeLine[]
/** Two channels of the platform. */
let first: { id: number; name: string }
let second: { id: number; name: string }

beforeAll(async () => {
  world = await startGatewayWorld()
  server = await serveGuide(world)
  epg = await import('@/lib/epg')
  const shared = await addProvider(world, world.viewer, 'normal.shared', true)
  await importNow(world.viewer, shared)
  await importGuideNow(shared)
  const { prepareQueues } = await import('@/lib/platform/queue')
  const { jobs } = await import('@/lib/process/jobs')
  await prepareQueues(jobs)
  vera = await world.makeViewer({ name: 'Vera' })
  hers = await world.makeLine({ providerIds: [shared] }, vera)
  strangers = []
  for (const name of ['Sam', 'Sue']) {
    strangers.push(await world.makeLine({ providerIds: [shared] }, await world.makeViewer({ name })))
  }
  const { pool } = await import('@/lib/platform/db')
  const { rows } = await pool().query<{ id: number; name: string }>(
    `SELECT i.id, i.name FROM source s JOIN item i ON i.id = s.item_id WHERE s.provider_id = $1 AND s.kind = 'channel'
     ORDER BY s.position LIMIT 2`,
    [shared],
  )
  ;[first, second] = rows as [typeof first, typeof second]
  // What comes first by its priority wins.
  await pool().query('UPDATE guide_source SET priority = 50 WHERE provider_id = $1', [shared])
  await epg.matchGuides([null])
})
afterAll(async () => {
  const { stopQueue } = await import('@/lib/platform/queue')
  await stopQueue()
  server.end()
  await world.endAll()
})

const textOf = async (line: MadeLine) =>
  gunzipSync(await rawGet(`${world.base}/xmltv.php?${line.query}`, { 'accept-encoding': 'gzip' })).toString()
const channelsOf = async (line: MadeLine) => (await world.api(line, '&action=get_live_streams')) as Row[]
const guideIdOf = async (line: MadeLine, { id } = first) =>
  (await channelsOf(line)).find(({ stream_id }) => stream_id === id)?.epg_channel_id ?? ''
const programmesOf = async (line: MadeLine, guideId: string) =>
  [...(await textOf(line)).matchAll(/<programme [^>]*channel="([^"]+)"><title[^>]*>([^<]*)/g)]
    .filter(([, channel]) => channel === guideId)
    .map(([, , title]) => title)
const titlesOf = async (line: MadeLine, action: string) => {
  const { epg_listings: rows } = (await world.api(line, `&action=${action}&stream_id=${first.id}`)) as {
    epg_listings: { title: string; channel_id: string }[]
  }
  return rows.map(({ title, channel_id }) => [Buffer.from(title, 'base64').toString(), channel_id])
}

/** A guide of Vera's own that knows these channels by their names. */
const guide = (title: string, channels: { name: string }[]) =>
  tv(
    ...channels.map(
      ({ name }, n) => `<channel id="own.${n}"><display-name>${name.replace(/^.*: /, '')}</display-name></channel>`,
    ),
    ...channels.map((_, n) => programmeXml(`own.${n}`, 0, title)),
  )

async function missesWhile(work: () => Promise<unknown>): Promise<number> {
  const { answerFacts } = await import('@/lib/gateway')
  const before = answerFacts().misses
  await work()
  return answerFacts().misses - before
}

test('what an account’s own guide has reaches its apps, nobody else’s, and nobody else’s answers are made anew', async () => {
  const common = await guideIdOf(hers)
  expect(common).not.toMatch(/^item/)
  for (const line of strangers) expect(await guideIdOf(line)).toBe(common)
  const [told, keys] = [await textOf(strangers[0] as MadeLine), await keysOf()]
  expect(await textOf(hers)).toBe(told)

  server.body = guide('Told to Vera', [first])
  const input = GuideSourceInput.parse({ name: 'Own', url: `${server.url}/guide.xml`, priority: 1 })
  const { id } = await epg.addGuideSource(vera, input)
  await epg.importGuide(id)
  await epg.matchGuides([vera.accountId])
  const own = `item.${first.id}`
  await until(async () => (await guideIdOf(hers)) === own)
  expect(await programmesOf(hers, own)).toEqual(['Told to Vera'])
  for (const action of ['get_short_epg', 'get_simple_data_table']) {
    expect(await titlesOf(hers, action)).toEqual([['Told to Vera', own]])
  }
  const list = await (await fetch(`${world.base}/get.php?${hers.query}&type=m3u_plus&output=ts`)).text()
  expect(list).toContain(`tvg-id="${own}"`)

  expect(
    await missesWhile(async () => {
      for (const line of strangers) expect(await guideIdOf(line)).toBe(common)
    }),
  ).toBe(0)
  for (const line of strangers) {
    expect(await textOf(line)).toBe(told)
    for (const action of ['get_short_epg', 'get_simple_data_table']) {
      expect(JSON.stringify(await titlesOf(line, action))).not.toMatch(/Vera|item\./)
    }
  }
  expect((await keysOf()).filter(key => !keys.includes(key)).every(key => key.includes(vera.accountId))).toBe(true)

  // Another word of the same guide, and one more channel in it, show soon; the others' file stays what it is.
  server.body = guide('Told anew', [first, second])
  const { markQueued } = await import('@/lib/epg/source-store')
  await markQueued(id)
  await epg.importGuide(id)
  await epg.matchGuides([vera.accountId])
  await until(async () => (await guideIdOf(hers, second)) === `item.${second.id}`)
  await until(async () => (await programmesOf(hers, own))[0] === 'Told anew')
  expect(await programmesOf(hers, `item.${second.id}`)).toEqual(['Told anew'])
  expect(await textOf(strangers[0] as MadeLine)).toBe(told)

  // Without it she reads what everybody reads.
  await epg.removeGuideSource(vera, id)
  await until(async () => (await guideIdOf(hers)) === common, 15_000)
  expect(await textOf(hers)).toBe(told)
})

async function keysOf(): Promise<string[]> {
  const { answerFacts } = await import('@/lib/gateway')
  return answerFacts().entries.map(({ key }) => key)
}
