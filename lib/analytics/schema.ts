import { z } from 'zod'
import { ItemId } from '@/lib/catalogue/schema'

const ms = z.number().int().min(0).max(604_800_000)
const count = z.number().int().min(0).max(100_000_000)

/**
 * Why a picture stood still. network: what is there comes too slowly to this viewer · source: nothing new has come from the provider ·
 * decode: the device does not keep up · switch: the source was being changed · seek: after a jump, which is no halt.
 */
export const stallCauses = ['network', 'source', 'decode', 'switch', 'seek'] as const
export type StallCause = (typeof stallCauses)[number]

/** How one session has played so far, in totals: a report that is lost or comes twice changes nothing. */
export const QualityReport = z.strictObject({
  sessionId: z.uuid(),
  /** It followed another channel in the same player. */
  zap: z.boolean(),
  /** From the wish to the first picture; null while none has come. */
  startMs: ms.nullable(),
  watchedMs: ms,
  stalls: count,
  /** Ms that the picture stood still, by cause. */
  stalledMs: z.strictObject({
    network: ms,
    decode: ms,
    switch: ms,
    // A page that was opened before there were these does not tell them.
    source: ms.default(0),
    seek: ms.default(0),
  }),
  bitrateSwitches: count,
  droppedFrames: count,
  decodedFrames: count,
  /** kbit/s; 0 while unknown. */
  bitrate: z.number().int().min(0).max(1_000_000),
  height: z.number().int().min(0).max(20_000),
  /** Codes, each once. */
  errors: z.array(z.string().regex(/^[A-Z_]{2,40}$/)).max(10),
  failed: z.boolean(),
  decision: z.string().regex(/^[A-Z_]{0,40}$/),
  connection: z.enum(['', 'slow-2g', '2g', '3g', '4g', 'wifi', 'ethernet', 'cellular']),
})
export type QualityReport = z.infer<typeof QualityReport>

/** The session that plays, and those that ended since the last word. */
export const QualityInput = z.strictObject({ reports: z.array(QualityReport).min(1).max(8) })

export const qualityGroups = ['channel', 'source', 'provider', 'browser', 'player', 'session'] as const
export type QualityGroup = (typeof qualityGroups)[number]

/** Whose figures: of all, of our own player, of the apps of others. */
export const qualityPlayers = ['all', 'own', 'apps'] as const
export type QualityPlayers = (typeof qualityPlayers)[number]

export const QualityQuery = z.strictObject({
  hours: z.enum(['1', '24', '168']),
  by: z.enum(qualityGroups),
  players: z.enum(qualityPlayers).default('all'),
  /** What was played of one channel, film or episode only. */
  item: ItemId.optional(),
})

/** One row of the answer, by its key. */
export const QualityDetailQuery = QualityQuery.extend({ key: z.string().max(200) })

export interface QualityFilter {
  hours: number
  by: QualityGroup
  players: QualityPlayers
  item?: number | undefined
}

/** Milliseconds, kbit/s and shares of 1. Null where nothing was told. */
export interface QualityFigures {
  sessions: number
  viewers: number
  failed: number | null
  /** Time that stood still, as a share of all the time watched. */
  stalled: number | null
  /** Of a session. */
  halts: number | null
  startP50: number | null
  startP95: number | null
  zapP50: number | null
  zapP95: number | null
  bitrateP50: number | null
  bitrateP95: number | null
  throughputP50: number | null
  throughputP95: number | null
  /** Changes of quality in an hour of a session. */
  switchesP50: number | null
  switchesP95: number | null
  /** Frames of a session that were not shown, as a share of all. */
  droppedP50: number | null
  droppedP95: number | null
  /** Ms of all sessions together. */
  stalledMs: Record<StallCause, number>
}

export interface QualityRow extends QualityFigures {
  key: string
  name: string
  /** Of one session: its player, and what that calls it. */
  note: string | null
}

export interface QualityCount {
  code: string
  sessions: number
}

/** What is counted by name in one row; the most frequent first. */
export interface QualityDetail {
  /** Why it was played the way it was. */
  decisions: QualityCount[]
  errors: QualityCount[]
}

export interface QualityAlertView {
  id: number
  itemId: number
  channel: string
  viewers: number
  failing: number
  stalled: number
  startedAt: string
  endedAt: string | null
}

export interface QualityView {
  /** The name of what the filter asks for alone. */
  item: string | null
  total: QualityFigures
  rows: QualityRow[]
  alerts: QualityAlertView[]
}
