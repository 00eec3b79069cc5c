import 'server-only'
import { noteSourceResult, type SourceRecord } from '@/lib/catalogue'
import { log } from '@/lib/platform/log'
import { dialLive } from './dial'
import { factsOf, unseen } from './facts'
import { findRelay, openRelay } from './relay/registry'
import type { Relay } from './relay/relay'
import type { SessionPlan } from './session-plans'
import { ShiftStore } from './timeshift/shift-store'

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
export const PAGE_PRIORITY = 5

export const priorityOf = ({ line }: Pick<SessionPlan, 'line'>): number => line?.priority ?? PAGE_PRIORITY

/** Joins or starts the relay of this session's channel. `hop` is the X-Iptv-Hop header of whoever asks. */
export function openPlanRelay(plan: Pick<SessionPlan, 'sources' | 'line'>, hop?: string): Relay {
  const key = relayKey(plan.sources)
  const running = findRelay(key)
  if (running !== null) return running
  return openRelay({
    key,
    sources: plan.sources.map(source => ({
      id: String(source.id),
      connect: signal => dialLive(source, { signal, hop, priority: priorityOf(plan) }),
    })),
    hooks: {
      shelf: new ShiftStore(),
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

function remember(writing: Promise<void>): void {
  writing.catch(error => log().warn({ err: error }, 'the health of a source could not be noted'))
}
