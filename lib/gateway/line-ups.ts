import 'server-only'
import { findLine, type LineRecord } from '@/lib/accounts'
import { getLineUp, type LineUp } from '@/lib/catalogue'
import { findOwnMatchVersion } from '@/lib/epg'
import { shared } from '@/lib/platform/shared'
import { countLinePlaybacks, lineViewer } from '@/lib/playback'
import { EXPECTED_MS } from './document-files'

/** News of changes come on the bus; should one be lost, it is made good after this long. */
const KEPT_MS = 10_000
const COUNT_KEPT_MS = 3_000
const MAX_KEPT = 20_000

interface Kept<T> {
  value: Promise<T>
  /** Once it is there. */
  settled: T | undefined
  at: number
}

const lineUps = () => shared('gateway-line-ups', () => new Map<number, Kept<LineUp>>())
/** The set of what each line saw when it asked last. */
const askedSets = () => shared('gateway-asked-sets', () => new Map<number, { set: string; at: number }>())
const counts = () => shared('gateway-counts', () => new Map<number, Kept<number>>())

/** What a line sees, from memory: an app's first minute asks for it twenty times. */
export async function lineUpOf(line: LineRecord): Promise<LineUp> {
  const lineUp = await keptLineUp(line)
  const asked = askedSets()
  asked.delete(line.id)
  asked.set(line.id, { set: lineUp.key, at: Date.now() })
  const [oldest] = asked.keys()
  if (asked.size > MAX_KEPT && oldest !== undefined) asked.delete(oldest)
  return lineUp
}

const keptLineUp = (line: LineRecord): Promise<LineUp> =>
  remembered(lineUps(), { key: line.id, ms: KEPT_MS, find: () => findLineUp(line) })

/** Answers are shared by all who see the same; an account with matches of its own sees another guide, and has answers of its own. */
async function findLineUp(line: LineRecord): Promise<LineUp> {
  const [lineUp, own] = await Promise.all([getLineUp(lineViewer(line)), findOwnMatchVersion(line.accountId)])
  if (own === null) return { ...lineUp, guidesOf: null }
  return { ...lineUp, key: `${lineUp.key}@${line.accountId}`, version: `${lineUp.version};${own}` }
}

/** What a line sees when an answer it once asked for is made anew. @throws when the line is gone: the answer is nobody's to renew then */
export async function newestLineUp({ id }: LineRecord): Promise<LineUp> {
  const current = await findLine(id)
  if (current === null) throw new Error('the line is gone')
  return keptLineUp(current)
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

/** Answers which set the line saw when it asked last (`LineUp.key`), null when that is long ago. */
export function forgetLineUp(lineId: number): string | null {
  lineUps().delete(lineId)
  const { set = null, at = 0 } = askedSets().get(lineId) ?? {}
  return Date.now() - at < EXPECTED_MS ? set : null
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
  const [oldest] = all.keys()
  if (all.size > MAX_KEPT && oldest !== undefined) all.delete(oldest)
  return value
}
