import 'server-only'
import { z } from 'zod'
import { findSourceScope } from '@/lib/epg'
import { log } from '@/lib/platform/log'
import { declareJob, enqueue, type Job } from '@/lib/platform/queue'
import { planReminders } from './plan'
import { makeRound } from './plan-round'
import { listRemindedProfiles } from './reminder-store'

/** Whose reminders: everybody's, those of an account, or of one profile. */
const Scope = z.object({ accountId: z.uuid().optional(), profileId: z.uuid().optional() })

const planRound = () =>
  makeRound<{ accountId: string; profileId: string }>({
    plan: profile => planReminders(profile),
    onFailure: ({ profileId }, err) => log().error({ err, profile: profileId }, 'the reminders of a profile were not planned'),
  })
/** Remembers where it was stopped, as long as this worker lives. */
const planEverybody = planRound()

const planJob = declareJob({
  name: 'reminders.plan',
  payload: Scope,
  retries: 2,
  timeoutSeconds: 900,
  concurrency: 1,
  key: ({ accountId, profileId }) => profileId ?? accountId ?? 'all',
  // What no event told of, and what has come within sight meanwhile.
  cron: '3,33 * * * *',
  run: async (scope, signal) => {
    const isEverybody = scope.accountId === undefined && scope.profileId === undefined
    await (isEverybody ? planEverybody : planRound())(await listRemindedProfiles(scope), signal)
  },
})

export const notificationJobs: readonly Job[] = [planJob]

/** After a guide was read: the reminders of those whom it serves follow it. */
export async function queuePlanOfGuide(sourceId: number): Promise<void> {
  const scope = await findSourceScope(sourceId)
  if (scope !== null) await enqueue(planJob, scope.ownerId === null ? {} : { accountId: scope.ownerId })
}

/** After what a profile sees has changed. */
export const queuePlanOfProfile = (profileId: string): Promise<void> => enqueue(planJob, { profileId })

/** After channels or their guides became others. */
export const queuePlanOfAll = (): Promise<void> => enqueue(planJob, {})
