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

/** How subtitles look, by name; components/player/caption-style says what each is. */
export const CaptionStyle = z.strictObject({
  size: z.enum(['small', 'medium', 'large', 'huge']),
  colour: z.enum(['white', 'yellow', 'green', 'cyan']),
  back: z.enum(['none', 'shade', 'solid']),
  place: z.enum(['low', 'middle', 'top']),
})
export type CaptionStyle = z.infer<typeof CaptionStyle>

const Language = z.string().max(40)

const Choices = z.strictObject({
  /** Language that was picked last; empty for none. */
  audio: Language,
  /** The same for subtitles, or `off`. */
  subtitles: Language,
  captions: CaptionStyle,
  /** After a short rewind subtitles come on until the picture is where it was. */
  replaySubtitles: z.boolean(),
  /** Quiet voices up, bangs down. */
  nightMode: z.boolean(),
  /** Every channel about equally loud. */
  levelling: z.boolean(),
})
export type Choices = z.infer<typeof Choices>

/** What a viewer chose in the player on any device; what was never chosen is missing. */
export const PlayerChoices = Choices.partial()
export type PlayerChoices = z.infer<typeof PlayerChoices>

export const ProfileView = z.object({
  id: z.uuid(),
  name: z.string(),
  picture: z.string(),
  language: z.string(),
  hiddenProviders: z.array(z.number().int()),
  bedtime: Bedtime.nullable(),
  player: PlayerChoices,
})
export type ProfileView = z.infer<typeof ProfileView>

export const ProfileInput = z
  .strictObject({
    name: z.string().trim().min(1).max(40),
    picture: z.string().max(40),
    language: z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/),
    /** Those that are missing stay as they are. */
    player: PlayerChoices,
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
