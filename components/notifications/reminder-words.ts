import { sayDay, showSpan } from '@/components/guide/guide-words'
import { SECOND } from '@/lib/kernel/time'
import type { AiringView, ReminderInput, ReminderView } from '@/lib/notifications/schema'

/** What the server accepts (notifications/schema.ts), in the order of the list. */
export const leadTimes: readonly ReminderInput['minutes'][] = [0, 5, 10, 15, 30, 60]

const isLeadTime = (minutes: number): minutes is ReminderInput['minutes'] => leadTimes.some(one => one === minutes)
export const toLeadTime = (text: string): ReminderInput['minutes'] => {
  const minutes = Number(text)
  return isLeadTime(minutes) ? minutes : 5
}

/** "When it begins", "5 minutes before", "1 hour before". */
export function sayLead(minutes: number): string {
  if (minutes === 0) return 'When it begins'
  return minutes === 60 ? '1 hour before' : `${minutes} minutes before`
}

export const leadOptions = leadTimes.map(minutes => ({ value: String(minutes), label: sayLead(minutes) }))

/** "Today, 20:15 – 21:00 · BBC One". */
export const sayAiring = ({ start, stop, channel }: Pick<AiringView, 'start' | 'stop' | 'channel'>, now: number): string =>
  `${sayDay(start * SECOND, now)}, ${showSpan(start * SECOND, stop * SECOND)} · ${channel}`

/** What happens after a wish: this programme, another one later, or nothing yet (repeats do not count as episodes). */
export function sayPromise({ title, airings }: ReminderView, start: number, now: number): string {
  const [next] = airings
  if (airings.some(airing => airing.start * SECOND === start)) return `We will remind you of ${title}.`
  if (next) return `We will remind you of the next new episode: ${sayAiring(next, now)}.`
  return `We will remind you when a new episode of ${title} is in the guide.`
}

/** What a reminder stands for, where its title alone does not say it. */
export function sayScope({ kind, channel }: Pick<ReminderView, 'kind' | 'channel'>): string | null {
  if (kind === 'programme') return null
  const what = kind === 'series' ? 'Every new episode' : 'Every programme with these words'
  return channel ? `${what} on ${channel.name}` : `${what}, on any channel`
}

/** Most programmes that a reminder waits for (notifications/match-airings.ts); then there may be more. */
const MOST = 20

/** What follows the first programme of a list: " and 3 more". */
export function sayMore(count: number): string {
  if (count >= MOST) return `, the first of the next ${MOST}`
  return count > 1 ? ` and ${count - 1} more` : ''
}

/** What a reminder that was just set has found. */
export function sayFound(count: number): string {
  if (count >= MOST) return `Set. We tell you of the next ${MOST}, then of those after them.`
  return count > 0 ? `Set. ${count} in the guide now.` : 'Set. We tell you when the guide has one.'
}
