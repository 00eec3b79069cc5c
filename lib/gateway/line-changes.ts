import 'server-only'
import { findLine, isLineEnded } from '@/lib/accounts'
import { createRenewal } from '@/lib/kernel/turns'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'
import { followGuides } from './guide-routes'
import { type AskedSet, forgetLineUp, wasAsked } from './line-ups'
import { followAnswers } from './lists'

/** Changes that wait; of more at once the rest is rendered when it is asked for. */
const MAX_WAITING = 1_000

/** What each changed line saw and asked for before. */
const leftSets = () => shared('gateway-left-sets', () => new Map<number, AskedSet>())

/**
 * A line was changed: it sees something else now, at once. What it asked for of what it saw before, it finds made of what it
 * sees now; a line that has not been used lately finds nothing. Resolves when that is done.
 */
export async function followLine(lineId: number): Promise<void> {
  const set = forgetLineUp(lineId)
  const left = leftSets()
  if (set === null || (left.size >= MAX_WAITING && !left.has(lineId))) return
  // Of two changes at once the first knows what is kept.
  if (!left.has(lineId)) left.set(lineId, set)
  await shared('gateway-following', () => createRenewal(followAll))()
}

/** One line after the other: most will see the same, which is made once. */
async function followAll(): Promise<void> {
  for (const [lineId, set] of leftSets()) {
    leftSets().delete(lineId)
    // It finds nothing made then; the others do.
    await followOne(lineId, set).catch(error => log().warn({ err: error, line: lineId }, 'a changed line was not followed'))
  }
}

async function followOne(lineId: number, set: AskedSet): Promise<void> {
  const line = await findLine(lineId)
  if (line === null || isLineEnded(line)) return
  const isOf = (key: string) => wasAsked(key, set)
  await Promise.all([followAnswers(isOf, line), followGuides(isOf, line)])
}
