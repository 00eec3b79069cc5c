import { z } from 'zod'
import { ItemId } from '@/lib/catalogue/schema'

/** How long before, in minutes. */
export const leadTimes = [0, 5, 10, 15, 30, 60] as const
const Minutes = z.union(leadTimes.map(minutes => z.literal(minutes)))

export const ReminderKind = z.enum(['programme', 'series', 'search'])
export type ReminderKind = z.infer<typeof ReminderKind>

/** IANA name of the viewer's time zone, as browsers tell it. */
export const Zone = z
  .string()
  .max(60)
  .refine(zone => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
    } catch {
      return false
    }
  })

const common = { minutes: Minutes.default(5), zone: Zone.optional() }

/** A programme by its channel and time (seconds), the episodes of its title (on its channel or on any), or words of a title. */
export const ReminderInput = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('programme'), itemId: ItemId, start: z.number().int().min(0).max(9_999_999_999) }),
  z.strictObject({
    ...common,
    kind: z.literal('series'),
    itemId: ItemId.nullable().default(null),
    title: z.string().trim().min(1).max(300),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('search'),
    words: z
      .string()
      .trim()
      .min(3, 'Write at least three letters.')
      .max(80)
      .refine(words => /[\p{L}\p{N}]{2}/u.test(words), 'Write at least one word.'),
  }),
])
export type ReminderInput = z.infer<typeof ReminderInput>

export const ReminderChange = z.strictObject({ minutes: Minutes })
export type ReminderChange = z.infer<typeof ReminderChange>

const NumberId = z.coerce.number().int().positive().max(2_147_483_647)
export const ReminderParams = z.object({ id: NumberId })
export const NotificationParams = z.object({ id: NumberId })

/** A programme that is waited for. Seconds. */
export const AiringView = z.object({
  itemId: z.number().int(),
  channel: z.string(),
  title: z.string(),
  subTitle: z.string().nullable(),
  start: z.number().int(),
  stop: z.number().int(),
})
export type AiringView = z.infer<typeof AiringView>

export const ReminderView = z.object({
  id: z.number().int(),
  kind: ReminderKind,
  /** Title of the programme or series, words of the search. */
  title: z.string(),
  /** Null: any channel. */
  channel: z.object({ id: z.number().int(), name: z.string() }).nullable(),
  minutes: z.number().int(),
  /** What comes next, by time. Empty: the guide has nothing (any more). */
  airings: z.array(AiringView),
})
export type ReminderView = z.infer<typeof ReminderView>

/** How long "snooze" is. */
export const SNOOZE_MINUTES = 5

/** A programme that was asked for; or, for administrators, channels that became bad for everyone, and that they are fine again. */
export const NotificationKind = z.enum(['reminder', 'alert_began', 'alert_ended'])
export type NotificationKind = z.infer<typeof NotificationKind>

/** Of an alert the title is the channel's name, the start is when it became bad, and `others` are further channels. */
export const NotificationView = AiringView.extend({
  id: z.number().int(),
  kind: NotificationKind,
  others: z.number().int(),
  /** ISO. */
  createdAt: z.string(),
  seen: z.boolean(),
  /** It can still be put off: its reminder is there, and the programme is not over. */
  snoozable: z.boolean(),
})
export type NotificationView = z.infer<typeof NotificationView>

export const NotificationsView = z.object({
  profileId: z.uuid(),
  unseen: z.number().int(),
  /** Newest first. */
  notifications: z.array(NotificationView),
  /** What has a smaller id may be there without being listed. */
  from: z.number().int(),
})
export type NotificationsView = z.infer<typeof NotificationsView>

export const SeenInput = z.strictObject({ upTo: z.number().int().positive().max(2_147_483_647) })

export const NotificationSettingsView = z.object({
  mail: z.boolean(),
  /** This server can send mail. */
  mailPossible: z.boolean(),
  /** Where mails go. */
  email: z.string(),
  /** Browsers of this profile that get messages, and whether this one does. */
  devices: z.number().int(),
  here: z.boolean(),
  /** What a browser has to know to subscribe. */
  publicKey: z.string(),
  /** Address of the calendar; null: none was made. */
  calendar: z.string().nullable(),
})
export type NotificationSettingsView = z.infer<typeof NotificationSettingsView>

export const NotificationSettingsInput = z.strictObject({ mail: z.boolean(), zone: Zone }).partial()
export type NotificationSettingsInput = z.infer<typeof NotificationSettingsInput>

/** A subscription as `PushSubscription.toJSON()` writes it. Real keys are 87 and 22 characters long. */
export const PushInput = z.strictObject({
  endpoint: z.string().max(1_000),
  keys: z.strictObject({
    p256dh: z.string().regex(/^[\w-]{80,100}=*$/),
    auth: z.string().regex(/^[\w-]{20,30}=*$/),
  }),
  zone: Zone.optional(),
})
export type PushInput = z.infer<typeof PushInput>

export const CalendarParams = z.object({ token: z.string().regex(/^[\w-]{20,60}(\.ics)?$/) })

/** What a message to a device carries; the service worker reads it. Seconds. */
export const PushNotice = z.object({
  id: z.number().int(),
  /** Whose it is: a device has had messages of each profile that it was used with. */
  profileId: z.uuid(),
  kind: NotificationKind,
  others: z.number().int(),
  itemId: z.number().int(),
  title: z.string(),
  channel: z.string(),
  start: z.number().int(),
  stop: z.number().int(),
})
export type PushNotice = z.infer<typeof PushNotice>
