import { AppError, toAppError } from '@/lib/kernel/errors'
import type { ImportPart, ImportView } from './schema'

export type PartName = ImportPart['part']
export const listParts = ['channels', 'movies', 'series'] as const
export type ListPart = (typeof listParts)[number]

/** Share of the bar that each part fills; movies are most of every large catalogue. */
const weights: Record<PartName, number> = { account: 3, categories: 5, channels: 17, movies: 55, series: 20 }
/** Rows after which half of a download's share is shown, when nobody knows how many come. */
const HALF_WAY_ROWS = 20_000

export const freshPart = (part: PartName): ImportPart => ({
  part,
  state: 'waiting',
  seen: 0,
  added: 0,
  removed: 0,
  dropped: 0,
  problem: null,
  warning: null,
})

/** The parts of one run, each waiting. `chosen` limits the lists, for a retry of what failed. */
export function planParts(chosen?: readonly ListPart[]): ImportPart[] {
  const lists = chosen && chosen.length > 0 ? listParts.filter(part => chosen.includes(part)) : listParts
  return (['account', 'categories', ...lists] as const).map(freshPart)
}

/** For a run that begins, again or for the first time. */
export function resetParts(parts: readonly ImportPart[]): void {
  for (const part of parts) Object.assign(part, freshPart(part.part))
}

/** A shrunken or empty list: what was there stays. */
export function shrunkProblem(seen: number): ImportPart['problem'] {
  const { code, say } = new AppError('PROVIDER_SHRUNK', {
    ...(seen === 0 ? { say: 'The provider sent an empty list. We keep what was there.' } : {}),
  })
  return { code, message: say }
}

export function problemOf(error: unknown): NonNullable<ImportPart['problem']> {
  const { code, say } = toAppError(error)
  return { code, message: say }
}

/** 0-100 over all parts; never 100 before the end. */
export function progressOf(parts: readonly ImportPart[]): number {
  const total = parts.reduce((sum, { part }) => sum + weights[part], 0)
  const done = parts.reduce((sum, part) => sum + weights[part.part] * shareOf(part), 0)
  return total === 0 ? 0 : Math.min(99, Math.floor((done / total) * 100))
}

function shareOf({ state, seen }: ImportPart): number {
  if (state === 'waiting') return 0
  return state === 'running' ? (0.9 * seen) / (seen + HALF_WAY_ROWS) : 1
}

/** What the parts amount to. An account that cannot be used fails the whole. */
export function outcomeOf(parts: readonly ImportPart[]): { state: ImportView['state']; errorCode: string | null } {
  const account = parts.find(({ part }) => part === 'account')
  if (account?.state === 'failed') return { state: 'failed', errorCode: account.problem?.code ?? null }
  const lists = parts.filter(({ part }) => part !== 'account' && part !== 'categories')
  const failed = parts.filter(({ state }) => state === 'failed')
  if (lists.length > 0 && lists.every(({ state }) => state === 'failed')) {
    return { state: 'failed', errorCode: failed[0]?.problem?.code ?? null }
  }
  if (failed.length > 0) return { state: 'partial', errorCode: failed[0]?.problem?.code ?? null }
  const kept = lists.find(({ state }) => state === 'kept')
  return kept ? { state: 'partial', errorCode: kept.problem?.code ?? null } : { state: 'succeeded', errorCode: null }
}
