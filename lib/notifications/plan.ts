import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { type Airing, listAiringsByTitle } from '@/lib/epg'
import { DAY, HOUR } from '@/lib/kernel/time'
import { episodeOf, keyOf } from './identity'
import { findMoved, matchAirings, onlyFirst } from './match-airings'
import { listKnownAirings, listReminders, moveReminder, type ReminderRow, writeAirings } from './reminder-store'

/** How far ahead programmes are looked for. */
const AHEAD_MS = 8 * DAY
/** A single programme may have moved to before now; it is looked for from here. */
const BEHIND_MS = 3 * HOUR

export const toWords = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)

interface Found {
  /** Of the reminders that name their channel. */
  own: readonly Airing[]
  /** Of any channel. */
  any: readonly Airing[]
}

async function findAll(viewer: Viewer, reminders: readonly ReminderRow[], now: Date): Promise<Found> {
  const span = { from: new Date(now.getTime() - BEHIND_MS), to: new Date(now.getTime() + AHEAD_MS) }
  const named = reminders.filter(({ itemId }) => itemId !== null)
  const open = reminders.filter(({ itemId }) => itemId === null)
  const [own, any] = await Promise.all([
    listAiringsByTitle(viewer, {
      ...span,
      itemIds: [...new Set(named.flatMap(({ itemId }) => itemId ?? []))],
      titles: [...new Set(named.map(({ title }) => title))],
      words: [],
    }),
    listAiringsByTitle(viewer, {
      ...span,
      itemIds: null,
      titles: open.filter(({ kind }) => kind === 'series').map(({ title }) => title),
      words: open.filter(({ kind }) => kind === 'search').map(({ title }) => toWords(title)),
    }),
  ])
  return { own, any }
}

const isCalled = (title: string) => (airing: Airing) => airing.title.toLowerCase() === title.toLowerCase()

/** What the guide has for one reminder. */
function choose(reminder: ReminderRow, { own, any }: Found, now: Date): Airing[] {
  const { kind, itemId, title, start, episode } = reminder
  const named = own.filter(airing => airing.itemId === itemId).filter(isCalled(title))
  if (kind === 'programme') {
    const found = start === null ? undefined : findMoved({ start, episode }, named)
    return found ? [found] : []
  }
  const coming = (itemId === null ? any : named).filter(airing => airing.start > now)
  if (kind === 'series') return coming.filter(isCalled(title)).filter(airing => !airing.isRepeat)
  const words = toWords(title)
  return coming.filter(airing => words.every(word => airing.title.toLowerCase().includes(word)))
}

/**
 * Brings what the reminders of a profile wait for in line with the guide as it is now. Idempotent: a second run changes nothing.
 * `only`: one reminder, which was just made.
 */
export async function planReminders(
  profile: { accountId: string; profileId: string },
  only: number | null = null,
  now = new Date(),
): Promise<void> {
  const viewer: Viewer = { ...profile, sessionId: '', role: 'viewer' }
  const reminders = (await listReminders(profile.profileId)).filter(({ id }) => only === null || id === only)
  const known = await listKnownAirings(reminders.map(({ id }) => id))
  const found = await findAll(viewer, reminders, now)
  for (const reminder of reminders) {
    const airings = choose(reminder, found, now)
    const rows = known.get(reminder.id) ?? []
    const [single] = airings
    if (reminder.kind === 'programme' && single) {
      if (single.start.getTime() !== reminder.start?.getTime() || single.stop.getTime() !== reminder.stop?.getTime())
        await moveReminder(reminder.id, {
          start: single.start,
          stop: single.stop,
          episode: episodeOf(single) ?? reminder.episode,
        })
      // One reminder, one row, whatever the programme is called by then.
      const [row] = rows
      const wanted = onlyFirst([single])
      await writeAirings(reminder, matchAirings(row ? [{ ...row, key: keyOf(single) }] : [], wanted))
    } else await writeAirings(reminder, matchAirings(rows, onlyFirst(airings), now))
  }
}
