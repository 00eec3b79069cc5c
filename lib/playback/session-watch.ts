import 'server-only'
import { findLine, requirePlace } from '@/lib/accounts'
import { listSources } from '@/lib/catalogue'
import { toAppError } from '@/lib/kernel/errors'
import { log } from '@/lib/platform/log'
import { shared } from '@/lib/platform/shared'
import { beatPlaybacks, LINE_TTL_SECONDS } from './line-store'
import { isOutgrown } from './live-decision'
import { findPlanRelay, settlePriorities } from './live-relays'
import { takeReading } from './meter'
import { forgetPlan, listPlans, type SessionPlan, viewerOf } from './session-plans'
import { endPlaybacks, listAllowedPlaybacks } from './store'

/** How often in ms the sessions of this process are checked: a ban takes effect within 15 s (reliability.md B23). */
const CHECK_MS = 5_000
/** The line-up costs more queries and changes seldom; what changes it is told on the bus besides. */
const LISTED_MS = 15_000
const LINE_LISTED_MS = 60_000
/** A line's session without a stream or a request for this long has lost its player. */
const IDLE_MS = LINE_TTL_SECONDS * 1_000
/** Every second check also writes down what flows, which keeps the sessions of lines open. */
const BEAT_CHECKS = 2
/** Line-ups looked up at a time. */
const PARALLEL = 4

interface Watch {
  timer: NodeJS.Timeout | null
  checks: number
  isRunning: boolean
}

const state = () => shared<Watch>('playback-watch', () => ({ timer: null, checks: 0, isRunning: false }))

/** One timer for all sessions of this process, for as long as there are any. */
export function keepWatch(): void {
  state().timer ??= setInterval(() => void look(), CHECK_MS)
}

async function look(): Promise<void> {
  const watch = state()
  if (watch.isRunning) return
  const plans = listPlans()
  if (plans.length === 0) {
    if (watch.timer !== null) clearInterval(watch.timer)
    watch.timer = null
    return
  }
  watch.isRunning = true
  watch.checks++
  try {
    await endIdle(plans)
    // First what keeps sessions open: the checks may take a while when there are thousands.
    if (watch.checks % BEAT_CHECKS === 0) await beat(listPlans())
    settlePriorities(listPlans())
    await checkPlans(listPlans())
  } catch (error) {
    // A database that is away does not stop a running stream (C11).
    log().warn({ err: error }, 'playback sessions could not be checked')
  } finally {
    watch.isRunning = false
  }
}

/** Ends those that may no longer play. While the database is away all go on (C11). */
export async function checkPlans(plans: readonly SessionPlan[]): Promise<void> {
  if (plans.length === 0) return
  const began = performance.now()
  let allowed: Set<string>
  try {
    allowed = await listAllowedPlaybacks(plans.map(({ record }) => record.id))
  } catch (error) {
    log().warn({ err: error }, 'playback sessions could not be checked')
    return
  }
  const refused: string[] = []
  for (const plan of plans) {
    if (allowed.has(plan.record.id)) plan.checkedAt = began
    else refused.push(plan.record.id)
  }
  await Promise.all(refused.map(forgetPlan))
  // What was stopped stays stopped: in the morning one begins anew.
  if (refused.length > 0) await endPlaybacks({ ids: refused }, 'not allowed')
  const unlisted = await findUnlisted(plans.filter(({ record }) => allowed.has(record.id)))
  await endAll(unlisted, 'unlisted')
  // Requests for segments are told at once; what flows without them ends here.
  await endAll(
    plans.filter(isOutgrown).map(({ record }) => record.id),
    'higher picture than the account includes',
  )
}

async function endAll(ids: string[], reason: string): Promise<void> {
  if (ids.length === 0) return
  await endPlaybacks({ ids }, reason)
  await Promise.all(ids.map(forgetPlan))
}

/** Looks again at once what a line's sessions may see and where it may be used from; after a change of either. */
export async function recheck(isConcerned: (plan: SessionPlan) => boolean): Promise<void> {
  const plans = listPlans().filter(isConcerned)
  for (const plan of plans) {
    plan.listedAt = Number.NEGATIVE_INFINITY
    if (plan.line === null) continue
    plan.line = (await findLine(plan.line.id)) ?? plan.line
    const { address, app } = plan.record
    const isAllowed = await requirePlace(plan.line, { address, app }).then(
      () => true,
      () => false,
    )
    if (isAllowed) continue
    await endPlaybacks({ ids: [plan.record.id] }, 'not here')
    await forgetPlan(plan.record.id)
  }
  await checkPlans(listPlans().filter(plan => plans.includes(plan)))
}

/** Viewers of one line or profile see the same, so each item is looked up once for all of them. */
async function findUnlisted(plans: readonly SessionPlan[]): Promise<string[]> {
  const now = performance.now()
  const due = plans.filter(({ listedAt, line }) => now - listedAt >= (line === null ? LISTED_MS : LINE_LISTED_MS))
  const groups = [...Map.groupBy(due, ({ record, line }) => `${line?.id ?? record.profileId}/${record.itemId}`).values()]
  const unlisted: string[] = []
  const look = async () => {
    for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
      const listed = await listSourceIds(group[0] as SessionPlan)
      if (listed === null) continue
      for (const plan of group) {
        plan.listedAt = now
        const flowing = findPlanRelay(plan)?.sourceId ?? plan.record.sourceId
        if (!listed.has(Number(flowing))) unlisted.push(plan.record.id)
      }
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, look))
  return unlisted
}

/** Null when it cannot be told now. */
async function listSourceIds(plan: SessionPlan): Promise<Set<number> | null> {
  try {
    return new Set((await listSources(viewerOf(plan), plan.record.itemId)).map(({ id }) => id))
  } catch (error) {
    const { code } = toAppError(error)
    if (code === 'NOT_FOUND' || code === 'NO_SOURCE') return new Set()
    log().warn({ err: error }, 'a line-up could not be checked')
    return null
  }
}

async function endIdle(plans: readonly SessionPlan[]): Promise<void> {
  const now = performance.now()
  const idle = plans.filter(
    ({ line, streams, opening, usedAt }) => line !== null && streams.size + opening === 0 && now - usedAt > IDLE_MS,
  )
  const ids = idle.map(({ record }) => record.id)
  if (ids.length === 0) return
  await beat(idle)
  await endPlaybacks({ ids }, 'left')
  await Promise.all(ids.map(forgetPlan))
}

/** Writes down what flows. Called once more when a session ends, so that its last seconds count. */
export async function beat(plans: readonly SessionPlan[]): Promise<void> {
  if (plans.length === 0) return
  const now = performance.now()
  await beatPlaybacks(
    plans.map(plan => ({
      id: plan.record.id,
      ...takeReading(plan.meter, now),
      sourceId: Number(findPlanRelay(plan)?.sourceId ?? plan.record.sourceId),
    })),
  )
}
