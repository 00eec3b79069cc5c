import { z } from 'zod'

const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write a time like 21:00.')

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null
  } catch {
    return false
  }
}

/** When a profile may not watch. Times are of the wall clock in `timeZone`; a `to` before `from` is on the next morning. */
export const Bedtime = z
  .strictObject({
    /** On which it begins; 0 is Sunday. */
    days: z.array(z.number().int().min(0).max(6)).min(1, 'Choose at least one day.').max(7),
    from: Clock,
    to: Clock,
    timeZone: z.string().max(60).refine(isTimeZone, 'This is not a time zone we know.'),
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], message: 'Choose another time than the one it begins at.' })
export type Bedtime = z.infer<typeof Bedtime>

export const BedtimeInput = z.strictObject({
  /** Null is none. */
  bedtime: Bedtime.nullable(),
  /** Of the account. */
  password: z.string().max(200).default(''),
})
export type BedtimeInput = z.infer<typeof BedtimeInput>

export const ProfileView = z.object({
  id: z.uuid(),
  name: z.string(),
  picture: z.string(),
  language: z.string(),
  hiddenProviders: z.array(z.number().int()),
  bedtime: Bedtime.nullable(),
})
export type ProfileView = z.infer<typeof ProfileView>

export const ProfileInput = z
  .strictObject({
    name: z.string().trim().min(1).max(40),
    picture: z.string().max(40),
    language: z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/),
  })
  .partial()
export type ProfileInput = z.infer<typeof ProfileInput>

/** Sent by the player every 10 s and when it closes. Seconds. */
export const ProgressInput = z.strictObject({
  itemId: z.number().int().positive(),
  positionSeconds: z.number().min(0).max(1_000_000),
  durationSeconds: z.number().min(0).max(1_000_000),
})
export type ProgressInput = z.infer<typeof ProgressInput>
