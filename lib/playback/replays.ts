import 'server-only'
import type { Readable } from 'node:stream'
import { AppError, toAppError } from '@/lib/kernel/errors'
import { SECOND, untilAborted } from '@/lib/kernel/time'
import { shared } from '@/lib/platform/shared'
import { ArchiveStream } from './archive/archive-stream'
import { segmentAt } from './archive/stretch'
import { openStretch } from './catch-up'
import { convertStretch } from './conversion/converted-source'
import { planConversion } from './live-conversions'
import { decideReplay } from './live-decision'
import { findVariant, printLiveMaster } from './live-master'
import type { SessionPlan } from './session-plans'
import type { ReplayStream } from './stream-access'
import type { TsProgram } from './ts/scanner'

const MEDIA_PLAYLIST = 'programme.m3u8'

interface Replay {
  archive: ArchiveStream
  /** How the archive is converted on its way; null while it goes on as it is. */
  convert: ((stretch: Readable) => Readable) | null
  /** Settled once that is known; null before anybody asked, and after a failure. */
  decided: Promise<void> | null
  /** Where the player begins, as a segment. */
  first: number
}

const replays = () => shared('playback-replays', () => new WeakMap<SessionPlan, Replay>())

/** Begins to read the archive for a session, at so many seconds of its programme. */
export function beginReplay(plan: SessionPlan, seconds: number): void {
  const replay = makeReplay(plan, undefined)
  replay.first = segmentAt(seconds)
  replay.archive.begin(replay.first)
}

/** The programme that this session replays. `hop` is the X-Iptv-Hop header of whoever asks. */
export function replayOf(plan: SessionPlan, hop?: string): ReplayStream {
  const replay = replays().get(plan) ?? makeReplay(plan, hop)
  const { archive, first } = replay
  return {
    index: async signal => {
      await decideOnce(plan, replay, signal)
      const played = await archive.program(first, signal)
      return printLiveMaster([findVariant(played, MEDIA_PLAYLIST) ?? unknownVariant])
    },
    media: () => archive.playlist(),
    segment: async (number, signal) => {
      // Where a limit holds, it does for who never asked for the index.
      if (plan.wishes.accountHeight !== undefined) await decideOnce(plan, replay, signal)
      const bytes = await archive.segment(number, signal)
      plan.meter.bytes += bytes.length
      return bytes
    },
  }
}

/** Many may ask at once; one of them is decided for. */
function decideOnce(plan: SessionPlan, replay: Replay, signal: AbortSignal): Promise<void> {
  replay.decided ??= replay.archive
    .program(replay.first, plan.over.signal)
    .then(program => beginConversion(plan, replay, program))
    .catch(error => {
      // The next request tries anew.
      replay.decided = null
      throw error
    })
  return untilAborted(replay.decided, signal)
}

/** Reads the archive anew through FFmpeg when this browser cannot play what is in it. */
async function beginConversion(plan: SessionPlan, replay: Replay, program: TsProgram): Promise<void> {
  const conversion = await decideReplay(plan, program)
  if (conversion === null) return
  let ffmpeg = await planConversion(program, conversion)
  const inSoftware = await planConversion(program, conversion, false)
  const onCardFailed = () => {
    ffmpeg = inSoftware
  }
  replay.convert = stretch => convertStretch(stretch, ffmpeg, { cores: conversion.cores, onCardFailed })
  replay.archive.reopen(replay.first)
}

/** How panels say that they have nothing of this time. */
const missing: ReadonlySet<string> = new Set(['NO_SOURCE', 'UPSTREAM_EMPTY'])

const unknownVariant = { codecs: [], width: null, height: null, address: MEDIA_PLAYLIST }

function makeReplay(plan: SessionPlan, hop: string | undefined): Replay {
  const { replayStart, replayStop } = plan.record
  // Only a session of catch-up has a token that leads here.
  if (!replayStart || !replayStop) throw new AppError('TOKEN_SCOPE')
  const times = { start: replayStart.getTime(), stop: replayStop.getTime() }
  const open = async (stretch: { start: Date; minutes: number }, signal: AbortSignal) => {
    const asked = { method: 'GET', range: undefined, signal } as const
    const { body } = await openStretch(plan, stretch, { asked, hop }).catch(cause => {
      throw missing.has(toAppError(cause).code) ? new AppError('ARCHIVE_GAP', { cause }) : cause
    })
    if (body === null) throw new AppError('ARCHIVE_GAP')
    return replay.convert === null ? body : replay.convert(body)
  }
  const archive = new ArchiveStream(times, { open }, plan.over.signal)
  const replay: Replay = { archive, convert: null, decided: null, first: 0 }
  replays().set(plan, replay)
  return replay
}

export const secondsSince = (start: Date, at: Date): number => Math.max(0, (at.getTime() - start.getTime()) / SECOND)
