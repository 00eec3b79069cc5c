import 'server-only'
import { findLine, isLineEnded } from '@/lib/accounts'
import { createRenewal } from '@/lib/kernel/turns'
import { shared } from '@/lib/platform/shared'
import { followGuides } from './guide-routes'
import { forgetLineUp } from './line-ups'
import { followAnswers } from './lists'

/** Changes that wait; of more at once the rest is rendered when it is asked for. */
const MAX_WAITING = 1_000

/** Which set of what may be seen (`LineUp.key`) each changed line asked for last. */
const leftSets = () => shared('gateway-left-sets', () => new Map<number, string>())

/**
 * A line was changed: it sees something else now, at once. Of what apps have asked for among those who saw what it saw, it
 * finds the same made; a line that has not been used lately finds nothing. Resolves when that is done.
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
    const line = await findLine(lineId)
    if (line === null || isLineEnded(line)) continue
    const isOf = (key: string) => key.split(' ')[1] === set
    await Promise.all([followAnswers(isOf, line), followGuides(isOf, line)])
  }
}
