import { z } from 'zod'

/** How a channel came to its guide: `none` is a person's word, `open` that nothing certain was found. */
export const GuideMatchHow = z.enum(['exact', 'folded', 'normalised', 'fuzzy', 'manual', 'none', 'open', 'event'])
export type GuideMatchHow = z.infer<typeof GuideMatchHow>

/** A guide channel that an open channel may have. Stands in `guide_match.candidates`. */
export const StoredCandidate = z.object({ channelId: z.number().int(), score: z.number() })
export type StoredCandidate = z.infer<typeof StoredCandidate>

/** Twelve hours either way: what any zone or "+1" can ask for. */
export const ShiftMinutes = z.number().int().min(-720).max(720)

/** Which channels: those that wait for a person, those that were taken by likeness, those that a person decided. */
export const MatchQuery = z.strictObject({
  show: z.enum(['open', 'uncertain', 'decided', 'all']).default('open'),
  platform: z.enum(['0', '1']).default('0'),
  text: z.string().trim().toLowerCase().max(80).default(''),
  /** The item that the page before ended with. */
  after: z.coerce.number().int().positive().max(2_147_483_647).optional(),
})
export type MatchQuery = z.infer<typeof MatchQuery>

/** A guide channel that a channel has or may have. */
export const GuideChannelChoice = z.object({
  channelId: z.number().int(),
  xmltvId: z.string(),
  name: z.string(),
  /** Name of the guide. */
  source: z.string(),
  /** What is on. */
  now: z.string().nullable(),
  /** 0..1; 0 when it was looked for by hand. */
  score: z.number(),
})
export type GuideChannelChoice = z.infer<typeof GuideChannelChoice>

export const MatchView = z.object({
  itemId: z.number().int(),
  name: z.string(),
  how: GuideMatchHow,
  shiftMinutes: z.number().int(),
  channel: GuideChannelChoice.nullable(),
  candidates: z.array(GuideChannelChoice),
})
export type MatchView = z.infer<typeof MatchView>

export const MatchesView = z.object({
  matches: z.array(MatchView),
  next: z.number().int().nullable(),
  counts: z.object({ open: z.number(), uncertain: z.number(), decided: z.number(), all: z.number() }),
})
export type MatchesView = z.infer<typeof MatchesView>

/** A person's word: this guide channel, none at all, or whatever the rules find; and a shift beside it. */
export const MatchDecision = z.strictObject({
  how: z.enum(['manual', 'none', 'automatic']).optional(),
  channelId: z.number().int().positive().max(2_147_483_647).optional(),
  shiftMinutes: ShiftMinutes.optional(),
})
export type MatchDecision = z.infer<typeof MatchDecision>

export const ChannelSearch = z.strictObject({ text: z.string().trim().max(80).default('') })
