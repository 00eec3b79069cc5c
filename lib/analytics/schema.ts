import { z } from 'zod'

const ms = z.number().int().min(0).max(604_800_000)
const count = z.number().int().min(0).max(100_000_000)

export type StallCause = 'network' | 'decode' | 'switch'

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
  stalledMs: z.strictObject({ network: ms, decode: ms, switch: ms }),
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
})

export interface QualityFilter {
  hours: number
  by: QualityGroup
  players: QualityPlayers
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
}

export interface QualityRow extends QualityFigures {
  key: string
  name: string
  /** Of one session: its player, and what that calls it. */
  note: string | null
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
  total: QualityFigures
  rows: QualityRow[]
  alerts: QualityAlertView[]
}
