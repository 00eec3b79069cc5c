import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { type Airing, type AiringAnswer, listAiringsByTitle } from '@/lib/epg'
import { guideReach } from '@/lib/epg/schema'
import { DAY, HOUR } from '@/lib/kernel/time'
import { episodeOf, keyOf } from './identity'
import { findMoved, matchAirings, onlyFirst } from './match-airings'
import { listKnownAirings, listReminders, moveReminder, type ReminderRow, writeAirings } from './reminder-store'

/** How far ahead programmes are looked for: on one channel as far as people see it, on any channel a week. */
const AHEAD_HERE_MS = guideReach.ahead * DAY
const AHEAD_ANYWHERE_MS = 8 * DAY
/** A single programme may have moved to before now; it is looked for from here. */
const BEHIND_MS = 3 * HOUR

export const toWords = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)

const toAsk = ({ kind, itemId, title }: ReminderRow) =>
  kind === 'search' ? { itemId, words: toWords(title) } : { itemId, title }

/** What the guide has under the title or the words of each reminder, by the reminder's id. */
async function findAll(viewer: Viewer, reminders: readonly ReminderRow[], now: Date): Promise<Map<number, AiringAnswer>> {
  const after = (ms: number) => new Date(now.getTime() + ms)
  const named = reminders.filter(({ itemId }) => itemId !== null)
  const open = reminders.filter(({ itemId }) => itemId === null)
  const [own, any] = await Promise.all([
    listAiringsByTitle(viewer, { from: after(-BEHIND_MS), to: after(AHEAD_HERE_MS), asks: named.map(toAsk) }),
    listAiringsByTitle(viewer, { from: now, to: after(AHEAD_ANYWHERE_MS), asks: open.map(toAsk) }),
  ])
  const answers = [...own, ...any]
  return new Map([...named, ...open].flatMap(({ id }, n) => (answers[n] ? [[id, answers[n]] as const] : [])))
}

/** What of it the reminder waits for. */
function choose({ kind, start, episode }: ReminderRow, found: readonly Airing[], now: Date): Airing[] {
  if (kind === 'programme') {
    const single = start === null ? undefined : findMoved({ start, episode }, found)
    return single ? [single] : []
  }
  const coming = found.filter(airing => airing.start > now)
  return kind === 'series' ? coming.filter(airing => !airing.isRepeat) : coming
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
    const { airings: titled = [], until = null } = found.get(reminder.id) ?? {}
    const airings = choose(reminder, titled, now)
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
    } else await writeAirings(reminder, matchAirings(rows, onlyFirst(airings), { now, until }))
  }
}
