import { route } from '@/lib/edge'
import { AppError } from '@/lib/kernel/errors'
import { databaseAnswers } from '@/lib/platform/db'
import { isAccepting } from '@/lib/process'

export const dynamic = 'force-dynamic'

/** Requests may be sent here: booted, not on the way out, database there. */
export const GET = route({
  who: 'public',
  run: async () => {
    if (!isAccepting() || !(await databaseAnswers())) throw new AppError('UNAVAILABLE', { retryAfter: 2 })
    return { ready: true }
  },
})
