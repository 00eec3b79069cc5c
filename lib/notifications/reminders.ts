import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { requireInLineUp } from '@/lib/catalogue'
import { getProgramme } from '@/lib/epg'
import { AppError } from '@/lib/kernel/errors'
import { SECOND } from '@/lib/kernel/time'
import { episodeOf, reminderIdentity } from './identity'
import { planReminders } from './plan'
import {
  type AiringRow,
  countReminders,
  deleteReminder,
  hasReminder,
  listAirings,
  listChannelNames,
  listReminders,
  type ReminderRow,
  updateMinutes,
  upsertReminder,
} from './reminder-store'
import type { AiringView, ReminderInput, ReminderView } from './schema'
import { saveZone } from './setting-store'

/** Most reminders of one profile, and most programmes that one reminder shows. */
const MAX_REMINDERS = 300
const MAX_SHOWN = 20

const toSeconds = (at: Date) => Math.floor(at.getTime() / SECOND)

const toAiringView = ({ itemId, channel, title, subTitle, start, stop }: AiringRow): AiringView => ({
  itemId,
  channel,
  title,
  subTitle,
  start: toSeconds(start),
  stop: toSeconds(stop),
})

function toView(reminder: ReminderRow, airings: readonly AiringRow[], names: ReadonlyMap<number, string>): ReminderView {
  const { id, kind, title, itemId, minutes } = reminder
  return {
    id,
    kind,
    title,
    channel: itemId === null ? null : { id: itemId, name: names.get(itemId) ?? 'a channel you no longer have' },
    minutes,
    airings: airings.slice(0, MAX_SHOWN).map(toAiringView),
  }
}

/** What the profile is to be told of, the next programme first, those that wait for nothing at the end. */
export async function listRemindersOf(viewer: Viewer): Promise<ReminderView[]> {
  const [reminders, airings] = await Promise.all([listReminders(viewer.profileId), listAirings(viewer.profileId)])
  const names = await listChannelNames(
    viewer.profileId,
    reminders.flatMap(({ itemId }) => itemId ?? []),
  )
  const byReminder = Map.groupBy(airings, ({ reminderId }) => reminderId)
  const views = reminders.map(reminder => toView(reminder, byReminder.get(reminder.id) ?? [], names))
  const next = ({ airings: [first] }: ReminderView) => first?.start ?? Number.POSITIVE_INFINITY
  return views.sort((a, b) => (next(a) === next(b) ? a.id - b.id : next(a) - next(b)))
}

/** What the wish means in the guide of the viewer. @throws NOT_FOUND, REMINDER_TOO_LATE */
async function toReminder(viewer: Viewer, input: ReminderInput): Promise<Omit<ReminderRow, 'id' | 'createdAt'>> {
  const open = { start: null, stop: null, episode: null, minutes: input.minutes }
  if (input.kind === 'search') return { ...open, kind: 'search', itemId: null, title: input.words }
  if (input.kind === 'series') {
    if (input.itemId !== null) await requireInLineUp(viewer, input.itemId)
    return { ...open, kind: 'series', itemId: input.itemId, title: input.title }
  }
  const programme = await getProgramme(viewer, { channel: input.itemId, start: input.start })
  const start = new Date(programme.start * SECOND)
  if (start.getTime() <= Date.now()) throw new AppError('REMINDER_TOO_LATE')
  const { season = null, episode = null } = programme.details
  return {
    kind: 'programme',
    itemId: input.itemId,
    title: programme.title,
    start,
    stop: new Date(programme.stop * SECOND),
    episode: episodeOf({ subTitle: programme.subTitle, season, episode }),
    minutes: input.minutes,
  }
}

/** Sets a reminder; one that is there already takes the new lead time. @throws NOT_FOUND, REMINDER_TOO_LATE, REMINDER_LIMIT */
export async function createReminder(viewer: Viewer, input: ReminderInput): Promise<ReminderView> {
  const wanted = await toReminder(viewer, input)
  const identity = reminderIdentity(wanted)
  const isNew = !(await hasReminder(viewer.profileId, identity))
  if (isNew && (await countReminders(viewer.profileId)) >= MAX_REMINDERS) throw new AppError('REMINDER_LIMIT')
  if (input.zone) await saveZone(viewer, input.zone)
  const reminder = await upsertReminder(viewer.profileId, identity, wanted)
  await updateMinutes(viewer.profileId, reminder.id, reminder.minutes)
  await planReminders(viewer, reminder.id)
  return getReminder(viewer, reminder)
}

async function getReminder(viewer: Viewer, reminder: ReminderRow): Promise<ReminderView> {
  const names = await listChannelNames(viewer.profileId, reminder.itemId === null ? [] : [reminder.itemId])
  return toView(reminder, await listAirings(viewer.profileId, reminder.id), names)
}

/** Changes how long before. @throws NOT_FOUND */
export const changeReminder = (viewer: Viewer, id: number, minutes: number): Promise<void> =>
  updateMinutes(viewer.profileId, id, minutes)

/** @throws NOT_FOUND */
export const removeReminder = (viewer: Viewer, id: number): Promise<void> => deleteReminder(viewer.profileId, id)
