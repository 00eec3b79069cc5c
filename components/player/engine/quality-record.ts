import type { QualityReport, StallCause } from '@/lib/analytics/schema'
import type { PlayerSnapshot } from './player-snapshot'
import type { StreamFigures } from './stream-shapes'

/** What is known of one session, and what runs at the moment. */
export interface QualityRecord {
  report: QualityReport
  /** When the picture began to stand still, and why; null while it moves. */
  stall: { at: number; cause: StallCause } | null
  /** When it was looked at last, and whether it played then. */
  seen: { at: number; playing: boolean; position: number; quality: string | null }
  /** After a jump the picture waits for a moment without anybody being at fault. */
  jumpedAt: number
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
      stalledMs: { network: 0, decode: 0, switch: 0 },
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

function causeOf(state: PlayerSnapshot): StallCause {
  if (state.switching) return 'switch'
  const ahead = state.buffered.find(range => range.start <= state.position + 0.2 && range.end >= state.position)
  // With picture in hand and none on the screen, it is the device that does not keep up.
  return ahead && ahead.end - state.position > 1 ? 'decode' : 'network'
}

function withStall(
  { report, stall, jumpedAt }: QualityRecord,
  state: PlayerSnapshot,
  at: number,
): Pick<QualityRecord, 'report' | 'stall'> {
  const halts = state.phase === 'buffering' || (state.switching && state.phase === 'loading')
  if (halts && stall === null) return { report, stall: at - jumpedAt < JUMP_GRACE ? null : { at, cause: causeOf(state) } }
  if (halts || stall === null) return { report, stall }
  const lasted = Math.round(at - stall.at)
  if (lasted < SHORTEST_STALL) return { report, stall: null }
  const stalledMs = { ...report.stalledMs, [stall.cause]: report.stalledMs[stall.cause] + lasted }
  return { report: { ...report, stalls: report.stalls + 1, stalledMs }, stall: null }
}

/** The record after the player has changed. Pure; `at` in ms of any clock that only goes on. */
export function observe(record: QualityRecord, state: PlayerSnapshot, at: number): QualityRecord {
  const { seen } = record
  const passed = seen.playing ? at - seen.at : 0
  const jumped = Math.abs(state.position - seen.position - passed / 1_000) > JUMP
  const quality = qualityOf(state)
  const jumpedAt = jumped ? at : record.jumpedAt
  const { report, stall } = withStall({ ...record, jumpedAt }, state, at)
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
