import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { type FfmpegPlan, ffmpegAbilities } from '@/lib/platform/ffmpeg'
import { log } from '@/lib/platform/log'
import { ConvertedSource } from './conversion/converted-source'
import { type LiveConversion, planLiveConversion } from './conversion/live-plan'
import { getConversionSettings } from './conversion-settings'
import type { Decision } from './decide'
import { findPlanRelay, openPlanRelay, relayKey } from './live-relays'
import { findRelay, openRelay } from './relay/registry'
import type { Relay } from './relay/relay'
import type { RelayOptions } from './relay/relay-options'
import type { SessionPlan } from './session-plans'
import { ShiftStore } from './timeshift/shift-store'
import type { TsProgram } from './ts/scanner'

/** How a viewer's channel is converted, and what that takes. */
export interface PlannedConversion extends LiveConversion {
  /** Nominal cores. */
  cores: number
}

/** FFmpeg is started again at once; how long its source may be away is the source's own affair. */
const options: Partial<RelayOptions> = {
  connectMs: 95_000,
  sniffMs: 8_000,
  stallMs: 10_000,
  minReconnectMs: 300,
  maxBackoffMs: 3_000,
  maxRefusedBackoffMs: 3_000,
  healthyAfterMs: 1_000,
  coldRounds: 3,
}
/** No repetition mends these: the server is full, or this picture is more than it can take. */
const final = new Set(['TRANSCODE_BUSY', 'TRANSCODE_LIMIT'])

/** What this decision makes of a channel, in the qualities that the administrator set; null when it goes on as it comes. */
export async function conversionOf({ mode, cost, maxHeight }: Decision): Promise<PlannedConversion | null> {
  if (mode !== 'audio' && mode !== 'transcode' && mode !== 'ladder') return null
  const { qualities } = await getConversionSettings()
  return { mode, maxHeight, cores: cost, qualities }
}

/** Viewers share an encode when the same is made of the same relay: one that runs keeps the qualities it began with. */
function keyOf({ sources }: Pick<SessionPlan, 'sources'>, { mode, maxHeight, qualities }: LiveConversion): string {
  if (mode === 'audio') return `${relayKey(sources)}|audio`
  const rungs = qualities.map(({ height, kilobits }) => `${height}@${kilobits}`).join(',')
  return `${relayKey(sources)}|${mode}|${maxHeight ?? ''}|${rungs}`
}

export function findConversion(plan: Pick<SessionPlan, 'sources'>, conversion: LiveConversion): Relay | null {
  return findRelay(keyOf(plan, conversion))
}

/** What FFmpeg is to do with a stream of this kind, on the card where there is one and it may be used. @throws TRANSCODE_FAILED */
export async function planConversion(program: TsProgram, conversion: LiveConversion, usesCard = true): Promise<FfmpegPlan> {
  const abilities = await ffmpegAbilities()
  if (abilities === null) throw new AppError('TRANSCODE_FAILED', { message: 'no FFmpeg' })
  return planLiveConversion(program, conversion, usesCard ? abilities : { ...abilities, hardware: null })
}

/** Joins or starts the encode. `hop` is the X-Iptv-Hop header of whoever asks. */
function openConversion(plan: SessionPlan, conversion: PlannedConversion, hop?: string): Relay {
  const key = keyOf(plan, conversion)
  const running = findRelay(key)
  if (running !== null) return running
  const source = new ConvertedSource({
    base: () => openPlanRelay(plan, hop),
    cores: conversion.cores,
    plan: (program, usesCard) => planConversion(program, conversion, usesCard),
  })
  return openRelay({
    key,
    sources: [source],
    // Players choose a quality by how long segments take to come: those that are waited for would tell of a slow connection.
    options:
      conversion.mode === 'ladder' ? { ...options, segmenter: { announces: false, warmUpSeconds: [0.4, 0.6, 1] } } : options,
    hooks: {
      shelf: new ShiftStore(),
      onSourceFailed: (_, error) => {
        log().info({ conversion: key, err: error }, 'a conversion ended')
        // Without its channel there is nothing to convert, and that channel's relay has tried everything.
        const isOver = findPlanRelay(plan) === null
        if (isOver || final.has(error.code)) findRelay(key)?.close(error)
      },
      onClose: () => source.release(),
    },
  })
}

/** The relay that this viewer watches: the channel as it comes, or what is made of it. */
export function openViewedRelay(plan: SessionPlan, hop?: string): Relay {
  return plan.conversion === null ? openPlanRelay(plan, hop) : openConversion(plan, plan.conversion, hop)
}

export function findViewedRelay(plan: Pick<SessionPlan, 'sources' | 'conversion'>): Relay | null {
  return plan.conversion === null ? findPlanRelay(plan) : findConversion(plan, plan.conversion)
}
