import { type QualityReport, type StallCause, stallCauses } from '@/lib/analytics/schema'
import { type PlayerSnapshot, shapeOf } from './player-snapshot'
import type { StreamFigures } from './stream-shapes'
import type { Supply } from './supply'

/** What is known of one session, and what runs at the moment. */
export interface QualityRecord {
  report: QualityReport
  /** What the picture waits for; null while it moves. */
  stall: Stall | null
  /** When it was looked at last, and whether it played then. */
  seen: { at: number; playing: boolean; position: number; quality: string | null }
  /** After a jump the picture waits for a moment without anybody being at fault. */
  jumpedAt: number
}

interface Stall {
  /** When it began. */
  at: number
  /** When it was looked at last, and why the picture stood still from then on. */
  seenAt: number
  cause: StallCause
  /** Ms by cause that are not in the report yet: it may still prove too short. */
  owed: Partial<Record<StallCause, number>>
  isCounted: boolean
}

/** Ms after a jump in which standing still is no stall. */
const JUMP_GRACE = 3_000
/** A position that differs by more than this from one look to the next, in seconds, was jumped to. */
const JUMP = 2.5
/** Ms; a shorter halt is not seen by anybody. */
const SHORTEST_STALL = 150
const MOST_ERRORS = 10

const qualityOf = ({ choices }: PlayerSnapshot) => choices.qualities.find(choice => choice.active)?.key ?? null

export function beginRecord(
  state: PlayerSnapshot,
  before: { zap: boolean; connection: QualityReport['connection'] },
  at: number,
): QualityRecord {
  const { session } = state
  return {
    report: {
      sessionId: session?.sessionId ?? '',
      zap: before.zap,
      startMs: null,
      watchedMs: 0,
      stalls: 0,
      stalledMs: { network: 0, source: 0, decode: 0, switch: 0, seek: 0 },
      bitrateSwitches: 0,
      droppedFrames: 0,
      decodedFrames: 0,
      bitrate: 0,
      height: 0,
      errors: [],
      failed: false,
      decision: session?.decision.code ?? '',
      connection: before.connection,
    },
    stall: null,
    seen: { at, playing: false, position: state.position, quality: qualityOf(state) },
    jumpedAt: Number.NEGATIVE_INFINITY,
  }
}

function causeOf(state: PlayerSnapshot, supply: Supply | null): StallCause {
  if (state.switching) return 'switch'
  const ahead = state.buffered.find(range => range.start <= state.position + 0.2 && range.end >= state.position)
  // With picture in hand and none on the screen, it is the device that does not keep up.
  if (ahead && ahead.end - state.position > 1) return 'decode'
  if (supply === 'used-up') return 'source'
  // Segments of a channel that is cut here lie ready before they are listed; everything else the server has to fetch first.
  return supply === 'awaited' && shapeOf(state) !== 'live' ? 'source' : 'network'
}

/** Adds the time since the last look to what stood still, once it is long enough to be seen. */
function bookStall(report: QualityReport, stall: Stall, at: number): { report: QualityReport; stall: Stall } {
  const owed = { ...stall.owed, [stall.cause]: (stall.owed[stall.cause] ?? 0) + Math.round(at - stall.seenAt) }
  if (at - stall.at < SHORTEST_STALL) return { report, stall: { ...stall, seenAt: at, owed } }
  const stalledMs = { ...report.stalledMs }
  for (const cause of stallCauses) stalledMs[cause] += owed[cause] ?? 0
  const isHalt = stallCauses.some(cause => cause !== 'seek' && (owed[cause] ?? 0) > 0)
  const stalls = report.stalls + (isHalt && !stall.isCounted ? 1 : 0)
  const booked = { ...stall, seenAt: at, owed: {}, isCounted: stall.isCounted || isHalt }
  return { report: { ...report, stalls, stalledMs }, stall: booked }
}

function withStall(
  { report, stall, jumpedAt }: QualityRecord,
  state: PlayerSnapshot,
  { at, supply }: Look,
): Pick<QualityRecord, 'report' | 'stall'> {
  const halts = state.phase === 'buffering' || (state.switching && state.phase === 'loading')
  const known = stall === null ? null : bookStall(report, stall, at)
  if (!halts) return { report: known?.report ?? report, stall: null }
  const cause = at - jumpedAt < JUMP_GRACE ? 'seek' : causeOf(state, supply)
  const begun = known?.stall ?? { at, seenAt: at, owed: {}, isCounted: false }
  return { report: known?.report ?? report, stall: { ...begun, cause } }
}

/** When the player is looked at, in ms of any clock that only goes on, and what is known of its next part. */
interface Look {
  at: number
  supply: Supply | null
}

/** The record after the player has changed. Pure. */
export function observe(record: QualityRecord, state: PlayerSnapshot, look: Look): QualityRecord {
  const { at } = look
  const { seen } = record
  const passed = seen.playing ? at - seen.at : 0
  const jumped = Math.abs(state.position - seen.position - passed / 1_000) > JUMP
  const quality = qualityOf(state)
  const jumpedAt = jumped ? at : record.jumpedAt
  const { report, stall } = withStall({ ...record, jumpedAt }, state, look)
  const code = state.failure?.code
  const isNewError = code !== undefined && !report.errors.includes(code) && report.errors.length < MOST_ERRORS
  return {
    report: {
      ...report,
      startMs: report.startMs ?? state.firstFrameMs,
      watchedMs: report.watchedMs + Math.round(passed),
      bitrateSwitches: report.bitrateSwitches + (seen.quality !== null && quality !== null && quality !== seen.quality ? 1 : 0),
      errors: isNewError ? [...report.errors, code] : report.errors,
      failed: report.failed || state.phase === 'failed',
      // How it is really played is known for sure only once it plays.
      decision: state.session?.decision.code ?? report.decision,
    },
    stall,
    seen: { at, playing: state.phase === 'playing', position: state.position, quality: quality ?? seen.quality },
    jumpedAt,
  }
}

/** What the decoder counts, at the moment of telling. */
export function withFigures(report: QualityReport, figures: StreamFigures | null): QualityReport {
  if (!figures) return report
  const { droppedFrames, decodedFrames, streamBandwidth, height } = figures
  return {
    ...report,
    droppedFrames: Math.max(report.droppedFrames, droppedFrames),
    decodedFrames: Math.max(report.decodedFrames, decodedFrames),
    bitrate: Math.min(1_000_000, Math.round(streamBandwidth / 1_000)),
    height: Math.round(height),
  }
}
