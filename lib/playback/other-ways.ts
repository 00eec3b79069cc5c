import { type DecisionInput, decidePlayback, type PlaybackPolicy } from './decide'
import type { OtherWay } from './schema'

/** A source of an item that was passed over. */
export interface PassedSource {
  id: number
  name: string
  /** All connections of its provider are taken. */
  isFull: boolean
  input: DecisionInput
}

/** Pictures to fall back on, in lines. */
const smaller = [720, 480, 360, 240]

/**
 * What would still play of an item that the server has no room to convert: as it comes, without the viewer's own limit; in a smaller
 * picture; or from a source that needs no converting, once a connection to it is free. Pure.
 */
export function findOtherWays(passed: readonly PassedSource[]): OtherWay[] {
  const tried = passed.filter(({ isFull }) => !isFull).map(({ input }) => input)
  const plays = (maxHeight: number | null) => tried.some(input => decideWith(input, { maxHeight }).mode !== 'unsupported')
  const asIs: OtherWay[] = tried.some(({ policy }) => policy.maxHeight !== null) && plays(null) ? [{ way: 'as-is' }] : []
  const height = smaller.find(lines => tried.every(input => isLower(lines, input)) && plays(lines))
  const sources = passed
    .filter(({ isFull, input }) => isFull && isFree(input))
    .map(({ id, name }): OtherWay => ({ way: 'source', sourceId: id, name }))
  return [...asIs, ...(height === undefined ? [] : [{ way: 'smaller', maxHeight: height } as const]), ...sources]
}

const decideWith = (input: DecisionInput, change: Partial<PlaybackPolicy>) =>
  decidePlayback({ ...input, policy: { ...input.policy, ...change } })

/** Less than the source, and less than was asked for. */
function isLower(lines: number, { source, policy }: DecisionInput): boolean {
  const highest = Math.min(source.video?.height ?? 1080, policy.maxHeight ?? Number.POSITIVE_INFINITY)
  return lines < highest
}

const isFree = (input: DecisionInput): boolean => {
  const { mode, cost } = decidePlayback(input)
  return mode !== 'unsupported' && cost === 0
}
