import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { programmeXml, thisHour } from './guide-steps'
import { startWorld, type World } from './harness'
import { type GuideDesk, seconds, setDesk, shown } from './reminder-steps'

let world: World
let desk: GuideDesk
let viewer: Viewer
let rooms: typeof import('@/lib/notifications')

beforeAll(async () => {
  world = await startWorld({ env: { PUBLIC_URL: 'https://tv.example' } })
  rooms = await import('@/lib/notifications')
  desk = await setDesk(world)
  viewer = desk.viewer
})
afterAll(async () => {
  desk.end()
  await world.end()
})
beforeEach(async () => {
  for (const { id } of await rooms.listRemindersOf(viewer)) await rooms.removeReminder(viewer, id)
})

const query = async <T>(text: string, values: unknown[] = []): Promise<T[]> => {
  const { pool } = await import('@/lib/platform/db')
  return (await pool().query(text, values)).rows as T[]
}
const one = async () => (await rooms.listRemindersOf(viewer))[0]

/** A programme with an episode number. */
const episodeXml = (channel: string, offset: number, title: string, episode: number, more = '') =>
  programmeXml(channel, offset, title).replace(
    '</programme>',
    `<episode-num system="xmltv_ns">0.${episode - 1}.</episode-num>${more}</programme>`,
  )

const remind = (channel: 'One' | 'Two' | 'Three', hours: number, minutes: 0 | 5 | 10 = 10) =>
  rooms.createReminder(viewer, { kind: 'programme', itemId: desk.channels[channel], start: seconds(hours), minutes })

test('a programme: it is waited for, moves with the guide, goes with it and comes back', async () => {
  await desk.publish(programmeXml('one', 5, 'Film'), programmeXml('one', 9, 'Other'))
  const made = await remind('One', 5)
  expect([made.kind, made.title, made.channel?.name, made.minutes, shown(made)]).toEqual([
    'programme',
    'Film',
    'One',
    10,
    ['One Film 5'],
  ])

  await desk.publish(programmeXml('one', 6, 'Film'), programmeXml('one', 9, 'Other'))
  expect(shown(await one())).toEqual(['One Film 6'])
  await desk.publish(programmeXml('one', 9, 'Other'))
  expect(shown(await one())).toEqual([])
  await desk.publish(programmeXml('one', 7, 'Film'))
  expect(shown(await one())).toEqual(['One Film 7'])
  await desk.publish(programmeXml('one', 20, 'Film'))
  expect(shown(await one()), 'many hours later it is another showing').toEqual([])
})

test('a programme on the last day that the guide shows is waited for', async () => {
  const hours = 13 * 24 + 20
  await desk.publish(programmeXml('one', hours, 'Film'))
  expect(shown(await remind('One', hours))).toEqual([`One Film ${hours}`])
})

test('an episode is found again wherever it went within a day, and another one in its place is not it', async () => {
  await desk.publish(episodeXml('one', 5, 'Saga', 3))
  await remind('One', 5)
  await desk.publish(episodeXml('one', 5, 'Saga', 4), episodeXml('one', 17, 'Saga', 3))
  expect(shown(await one())).toEqual(['One Saga 17'])
})

test('what is set twice is one, and what has begun or does not exist is refused', async () => {
  await desk.publish(programmeXml('one', -1, 'Running', 3), programmeXml('one', 5, 'Film'))
  const first = await remind('One', 5, 10)
  const second = await remind('One', 5, 5)
  expect([second.id, second.minutes]).toEqual([first.id, 5])
  const airing = 'SELECT start, stop, due_at AS due, sub_title AS "subTitle" FROM reminder_airing WHERE reminder_id = $1'
  const [waiting] = await query<{ start: Date; due: Date }>(airing, [first.id])
  expect(waiting?.due, 'the lead time is that of the second').toEqual(new Date(Number(waiting?.start) - 5 * 60_000))
  const longer = programmeXml('one', 5, 'Film', 2).replace('</title>', '</title><sub-title>Part one</sub-title>')
  await desk.publish(programmeXml('one', -1, 'Running', 3), longer)
  expect((await query(airing, [first.id]))[0]).toMatchObject({ stop: new Date(seconds(7) * 1_000), subTitle: 'Part one' })
  await expect(remind('One', -1)).rejects.toMatchObject({ code: 'REMINDER_TOO_LATE' })
  await expect(remind('One', 6)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('a series on its channel: every new episode once, no repeats', async () => {
  await desk.publish(
    episodeXml('one', 2, 'Saga', 1, '<previously-shown/>'),
    episodeXml('one', 3, 'Saga', 2),
    episodeXml('one', 8, 'Saga', 2),
    episodeXml('one', 27, 'Saga', 3),
    episodeXml('two', 4, 'Saga', 5),
    programmeXml('one', 10, 'Saga of others'),
  )
  const made = await rooms.createReminder(viewer, { kind: 'series', itemId: desk.channels.One, title: 'SAGA', minutes: 5 })
  expect(shown(made)).toEqual(['One Saga 3', 'One Saga 27'])
  const any = await rooms.createReminder(viewer, { kind: 'series', itemId: null, title: 'Saga', minutes: 5 })
  expect([any.channel, shown(any)]).toEqual([null, ['One Saga 3', 'Two Saga 4', 'One Saga 27']])
})

test('what is due stays until it is told of, even when the guide is read in between', async () => {
  await desk.publish(programmeXml('one', 5, 'Film'), programmeXml('one', 7, 'Film'))
  const { id } = await rooms.createReminder(viewer, { kind: 'search', words: 'film', minutes: 0 })
  await query("UPDATE reminder_airing SET due_at = now() - interval '1 second' WHERE reminder_id = $1 AND start = $2", [
    id,
    new Date(seconds(5) * 1_000),
  ])
  await desk.publish()
  expect(shown(await one())).toEqual(['One Film 5'])
})

test('three hundred reminders at most, of those that the list shows; one that is there can be set again', async () => {
  await desk.publish(programmeXml('one', 5, 'Film'))
  const fill = (stop: string) =>
    query(
      `INSERT INTO reminder (profile_id, kind, title, identity, stop)
       SELECT $1, 'search', 'Full ' || n, $2 || n, ${stop} FROM generate_series(1, 299) n`,
      [viewer.profileId, stop],
    )
  await fill("now() - interval '1 day'")
  await remind('One', 5, 5)
  await fill('NULL')
  await expect(rooms.createReminder(viewer, { kind: 'search', words: 'one more', minutes: 5 })).rejects.toMatchObject({
    code: 'REMINDER_LIMIT',
  })
  expect((await remind('One', 5, 10)).minutes).toBe(10)
  await query("DELETE FROM reminder WHERE title LIKE 'Full %'")
})

test('words: every programme whose title has them all, on any channel', async () => {
  await desk.publish(
    programmeXml('one', 3, 'Football: Hamburg against Bremen'),
    programmeXml('two', 4, 'Bremen at night'),
    programmeXml('three', 5, 'Bremen plays football, 100% live_'),
  )
  const made = await rooms.createReminder(viewer, { kind: 'search', words: 'football bremen', minutes: 0 })
  expect(shown(made)?.map(line => line.split(' ')[0])).toEqual(['One', 'Three'])
  const wild = await rooms.createReminder(viewer, { kind: 'search', words: '100% live_', minutes: 0 })
  expect(shown(wild)).toHaveLength(1)
})

test('what every channel shows at one moment is one answer, and leaves room for what comes after', async () => {
  await desk.publish(programmeXml('one', 3, 'Speech'), programmeXml('two', 3, 'Speech'), programmeXml('two', 4, 'Speech'))
  const { listAiringsByTitle } = await import('@/lib/epg')
  const span = { from: new Date(), to: new Date(seconds(10) * 1_000) }
  const [answer] = await listAiringsByTitle(viewer, { ...span, asks: [{ itemId: null, words: ['speech'] }] })
  expect(answer?.airings.map(({ channel }) => channel)).toEqual(['One', 'Two'])
})

test('words that very many titles have take nothing from other reminders, nor from what waits behind them', async () => {
  await desk.publish(programmeXml('one', 20, 'Film'), programmeXml('one', 30, 'Last flood'))
  const flood = await rooms.createReminder(viewer, { kind: 'search', words: 'flood', minutes: 5 })
  const film = await rooms.createReminder(viewer, { kind: 'search', words: 'film', minutes: 5 })
  const programmes = `FROM guide_channel c, generate_series(1, 20001) n WHERE lower(c.xmltv_id) = 'two'`
  await query(
    `INSERT INTO programme (channel_id, start, stop, title)
     SELECT c.id, $1::timestamptz + n * interval '1 second', $1::timestamptz + (n + 1) * interval '1 second', 'Flood ' || n ${programmes}`,
    [new Date(seconds(2) * 1_000)],
  )
  const { planReminders } = await import('@/lib/notifications/plan')
  await planReminders(viewer)
  const list = await rooms.listRemindersOf(viewer)
  expect(shown(list.find(({ id }) => id === film.id))).toEqual(['One Film 20'])
  expect(list.find(({ id }) => id === flood.id)?.airings.map(({ title }) => title)).toEqual(
    Array.from({ length: 20 }, (_, n) => `Flood ${n + 1}`),
  )
  expect(await query('SELECT 1 FROM reminder_airing WHERE title = $1', ['Last flood'])).toHaveLength(1)
  await query("DELETE FROM programme WHERE title LIKE 'Flood %'")
})

test('a channel that the profile hides is not waited for', async () => {
  await desk.publish(programmeXml('one', 5, 'Film'))
  await remind('One', 5)
  const { pool } = await import('@/lib/platform/db')
  await pool().query('INSERT INTO hidden_provider (profile_id, provider_id) SELECT $1, id FROM provider', [viewer.profileId])
  await desk.publish(programmeXml('one', 5, 'Film'))
  expect(shown(await one())).toEqual([])
  await pool().query('DELETE FROM hidden_provider WHERE profile_id = $1', [viewer.profileId])
})

test('what a channel out of reach is called, and what is on there, is told nowhere, before the next plan as well', async () => {
  await desk.publish(programmeXml('one', 5, 'Film'))
  await remind('One', 5)
  await rooms.createReminder(viewer, { kind: 'series', itemId: desk.channels.One, title: 'Serial', minutes: 5 })
  const token =
    String((await rooms.renewCalendar(viewer)).calendar)
      .split('/')
      .at(-1) ?? ''
  expect((await rooms.getCalendar(token)).text).toContain('Film')
  const { pool } = await import('@/lib/platform/db')
  await pool().query('INSERT INTO hidden_provider (profile_id, provider_id) SELECT $1, id FROM provider', [viewer.profileId])
  const listed = await rooms.listRemindersOf(viewer)
  expect(listed.map(({ channel, airings }) => [channel?.name, airings.length])).toEqual([
    ['a channel you no longer have', 0],
    ['a channel you no longer have', 0],
  ])
  expect((await rooms.getCalendar(token)).text).not.toMatch(/Film|VEVENT/)
  await pool().query('DELETE FROM hidden_provider WHERE profile_id = $1', [viewer.profileId])
  await rooms.removeCalendar(viewer)
})

test('nobody reaches the reminders of another account or of another profile', async () => {
  await desk.publish(programmeXml('one', 5, 'Film'))
  const { id } = await remind('One', 5)
  for (const stranger of [await world.makeViewer(), await world.makeViewer({ role: 'admin' }), await world.makeProfile(viewer)]) {
    expect(await rooms.listRemindersOf(stranger)).toEqual([])
    await expect(rooms.changeReminder(stranger, id, 0)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(rooms.removeReminder(stranger, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  }
  const other = await world.makeViewer()
  const foreign = { itemId: desk.channels.One, minutes: 5 } as const
  await expect(rooms.createReminder(other, { ...foreign, kind: 'programme', start: seconds(5) })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  await expect(rooms.createReminder(other, { ...foreign, kind: 'series', title: 'Film' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
})

test('the calendar: an address of its own, the same text while nothing changes, and none after it was renewed', async () => {
  await desk.publish(programmeXml('one', 5, 'Film; with, signs'), programmeXml('two', 6, 'Concert'))
  await remind('One', 5, 10)
  expect((await rooms.getNotificationSettings(viewer)).calendar).toBeNull()
  const { calendar } = await rooms.renewCalendar(viewer)
  expect(calendar).toMatch(/^https:\/\/tv\.example\/api\/calendar\/[\w-]{32}\.ics$/)
  const token = String(calendar).split('/').at(-1) ?? ''
  const { text, etag } = await rooms.getCalendar(token)
  const lines = text.replace(/\r\n /g, '').split('\r\n')
  const stamp = new Date(thisHour + 5 * 3_600_000).toISOString().replace(/[-:]|\.\d+/g, '')
  expect(lines).toEqual(expect.arrayContaining(['BEGIN:VCALENDAR', `DTSTART:${stamp}`, 'TRIGGER:-PT10M', 'LOCATION:One']))
  expect(lines).toContain('SUMMARY:Film\\; with\\, signs · One')
  expect((await rooms.getCalendar(token)).etag).toBe(etag)
  await remind('Two', 6)
  expect((await rooms.getCalendar(token)).etag).not.toBe(etag)

  await rooms.renewCalendar(viewer)
  await expect(rooms.getCalendar(token)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await rooms.removeCalendar(viewer)
  expect((await rooms.getNotificationSettings(viewer)).calendar).toBeNull()
})
