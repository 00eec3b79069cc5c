import 'server-only'
import { findLine, type LineRecord } from '@/lib/accounts'
import { getLineUp, type LineUp } from '@/lib/catalogue'
import { findOwnMatchVersion } from '@/lib/epg'
import { SECOND } from '@/lib/kernel/time'
import { shared } from '@/lib/platform/shared'
import { countLinePlaybacks, lineViewer } from '@/lib/playback'
import { EXPECTED_MS } from './document-files'

/** News of changes come on the bus; should one be lost, it is made good after this long. */
const KEPT_MS = 10_000
const COUNT_KEPT_MS = 3_000
const MAX_KEPT = 20_000
/** Answers that an app asks for again and again; whoever goes through all categories has others. */
const MAX_NAMES = 20

interface Kept<T> {
  value: Promise<T>
  /** Once it is there. */
  settled: T | undefined
  at: number
}

/** What a line saw when it asked last, and what it asked for among the answers of that set. */
export interface AskedSet {
  /** `LineUp.key` */
  set: string
  /** Keys of answers, without the set. */
  names: Set<string>
}

const lineUps = () => shared('gateway-line-ups', () => new Map<number, Kept<LineUp>>())
const askedSets = () => shared('gateway-asked-sets', () => new Map<number, AskedSet & { last: string; at: number }>())
const counts = () => shared('gateway-counts', () => new Map<number, Kept<number>>())

/** What a line sees, from memory: an app's first minute asks for it twenty times. */
export const lineUpOf = (line: LineRecord): Promise<LineUp> =>
  remembered(lineUps(), { key: line.id, ms: KEPT_MS, find: () => findLineUp(line) })

/** Answers are shared by all who see the same; an account with matches of its own sees another guide, and has answers of its own. */
async function findLineUp(line: LineRecord): Promise<LineUp> {
  const [lineUp, own] = await Promise.all([getLineUp(lineViewer(line)), findOwnMatchVersion(line.accountId)])
  if (own === null) return { ...lineUp, guidesOf: null }
  return { ...lineUp, key: `${lineUp.key}@${line.accountId}`, version: `${lineUp.version};${own}` }
}

export const answerKey = (origin: string, set: string, name: string): string => `${origin} ${set} ${name}`

/** A line asks for this answer of the set that it sees. */
export function noteAsked(line: LineRecord, set: string, { origin, name }: { origin: string; name: string }): void {
  const all = askedSets()
  const before = all.get(line.id)
  const asked = answerKey(origin, '', name)
  const now = Date.now()
  // Thousands of questions a second say the same.
  if (before?.set === set && before.last === asked && now - before.at < SECOND) return
  const names = before?.set === set ? before.names : new Set<string>()
  all.delete(line.id)
  all.set(line.id, { set, names, last: asked, at: now })
  trimTo(all, MAX_KEPT)
  names.delete(asked)
  names.add(asked)
  if (names.size <= MAX_NAMES) return
  const [longestAgo = ''] = names
  names.delete(longestAgo)
}

/** Whether it is the key of an answer that was asked for. */
export function wasAsked(key: string, { set, names }: AskedSet): boolean {
  const [origin = '', its, name = ''] = key.split(' ')
  return its === set && names.has(answerKey(origin, '', name))
}

/** What a line is and sees when an answer it once asked for is made anew. @throws when the line is gone: the answer is nobody's to renew then */
export async function newestLineUp({ id }: LineRecord): Promise<{ line: LineRecord; lineUp: LineUp }> {
  const line = await findLine(id)
  if (line === null) throw new Error('the line is gone')
  return { line, lineUp: await lineUpOf(line) }
}

/** Streams of the line that run now. */
export const activeConnectionsOf = (line: LineRecord): Promise<number> =>
  remembered(counts(), {
    key: line.id,
    ms: COUNT_KEPT_MS,
    find: async () => (await countLinePlaybacks([line.id])).get(line.id) ?? 0,
  })

/** What is known at once, or null: the same answers without waiting. */
export const peekLineUp = (line: LineRecord): LineUp | null => settledIn(lineUps(), line.id, KEPT_MS)
export const peekActiveConnections = (line: LineRecord): number | null => settledIn(counts(), line.id, COUNT_KEPT_MS)

function settledIn<T>(all: Map<number, Kept<T>>, key: number, ms: number): T | null {
  const known = all.get(key)
  return known !== undefined && performance.now() - known.at < ms ? (known.settled ?? null) : null
}

/** After any change of what lines see; asking anew is cheap. */
export function forgetLineUps(): void {
  lineUps().clear()
}

/** Answers what the line saw and asked for last, null when that is long ago. */
export function forgetLineUp(lineId: number): AskedSet | null {
  lineUps().delete(lineId)
  const asked = askedSets().get(lineId)
  return asked !== undefined && Date.now() - asked.at < EXPECTED_MS ? asked : null
}

function remembered<T>(all: Map<number, Kept<T>>, wanted: { key: number; ms: number; find: () => Promise<T> }): Promise<T> {
  const known = all.get(wanted.key)
  if (known !== undefined && performance.now() - known.at < wanted.ms) return known.value
  const value = wanted.find()
  const kept: Kept<T> = { value, settled: undefined, at: performance.now() }
  all.delete(wanted.key)
  all.set(wanted.key, kept)
  // A failure is told to whoever waits and is not kept.
  value.then(
    found => {
      kept.settled = found
    },
    () => all.delete(wanted.key),
  )
  trimTo(all, MAX_KEPT)
  return value
}

function trimTo(all: Map<number, unknown>, most: number): void {
  const [oldest] = all.keys()
  if (all.size > most && oldest !== undefined) all.delete(oldest)
}
