import 'server-only'
import { noteSourceResult, type SourceRecord } from '@/lib/catalogue'
import type { AppError } from '@/lib/kernel/errors'
import { log } from '@/lib/platform/log'
import { decidePlayback, refusalOf } from './decide'
import { dialLive } from './dial'
import { factsOf, unseen } from './facts'
import { policyFor } from './policy'
import { findRelay, openRelay } from './relay/registry'
import type { Relay } from './relay/relay'
import type { SessionPlan } from './session-plans'
import type { TsProgram } from './ts/scanner'

/** Failures that say nothing about the source: the login's own limit, or our viewers leaving. */
const blameless = new Set(['PROVIDER_LIMIT', 'SLOT_TAKEN', 'PROVIDER_BUSY', 'UNEXPECTED'])

/** Viewers share a relay when it would try the same sources from the same beginning. */
export function relayKey(sources: readonly SourceRecord[]): string {
  const ids = sources.map(({ id }) => id)
  return `${ids[0] ?? 0}/${[...ids].sort((a, b) => a - b).join('.')}`
}

export function findPlanRelay(plan: Pick<SessionPlan, 'sources'>): Relay | null {
  return findRelay(relayKey(plan.sources))
}

/** Of our own pages; device lines have one of their own. */
const PAGE_PRIORITY = 5

export const priorityOf = ({ line }: Pick<SessionPlan, 'line'>): number => line?.priority ?? PAGE_PRIORITY

/** Joins or starts the relay of this session's channel. `hop` is the X-Iptv-Hop header of whoever asks. */
export function openPlanRelay(plan: Pick<SessionPlan, 'sources' | 'line'>, hop?: string): Relay {
  const key = relayKey(plan.sources)
  return openRelay({
    key,
    sources: plan.sources.map(source => ({
      id: String(source.id),
      connect: signal => dialLive(source, { signal, hop, priority: priorityOf(plan) }),
    })),
    hooks: {
      onSourceLive: (id, program) => remember(noteSourceResult(Number(id), true, factsOf(program))),
      onPlaylist: id => remember(noteSourceResult(Number(id), true, unseen('hls'))),
      onSourceFailed: (id, error) => {
        log().info({ source: Number(id), code: error.code }, 'a live source failed')
        if (!blameless.has(error.code)) remember(noteSourceResult(Number(id), false))
        // Waiting for what somebody else has by right would show a still picture for a minute.
        if (error.code === 'SLOT_TAKEN' && plan.sources.length === 1) findRelay(key)?.close(error)
      },
    },
  })
}

/** Why this browser cannot play this; null when it can, or when its abilities are not known here. */
export function findObstacle({ capabilities }: Pick<SessionPlan, 'capabilities'>, program: TsProgram | null): AppError | null {
  if (capabilities === null || program === null) return null
  const decision = decidePlayback({ kind: 'channel', source: factsOf(program), capabilities, policy: policyFor({}) })
  return decision.mode === 'unsupported' ? refusalOf(decision) : null
}

function remember(writing: Promise<void>): void {
  writing.catch(error => log().warn({ err: error }, 'the health of a source could not be noted'))
}
