import 'server-only'
import { PgBoss } from 'pg-boss'
import type { z } from 'zod'
import { toAppError } from '@/lib/kernel/errors'
import { env } from './env'
import { log } from './log'
import { forget, shared } from './shared'

/** A job as a room declares it. Jobs run at least once and may overlap, so `run` is idempotent. */
export interface Job<Schema extends z.ZodType = z.ZodType> {
  name: string
  payload: Schema
  /** Further tries after a retryable failure. */
  retries: number
  /** Seconds after which a run counts as dead and its signal is aborted. */
  timeoutSeconds: number
  /** Jobs of this kind that one worker runs side by side. */
  concurrency: number
  /** Two waiting jobs with the same key become one. */
  key?: (payload: z.output<Schema>) => string
  /** Cron expression (UTC) for jobs with an empty payload. */
  cron?: string
  run: (payload: z.output<Schema>, signal: AbortSignal) => Promise<void>
}

export const declareJob = <Schema extends z.ZodType>(job: Job<Schema>): Job<Schema> => job

const STOP_DEADLINE_MS = 10_000

function boss(): Promise<PgBoss> {
  return shared('queue', async () => {
    const worker = env().ROLE !== 'serve'
    const made = new PgBoss({
      connectionString: env().DATABASE_URL,
      max: worker ? 6 : 2,
      application_name: `queue ${env().ROLE}`,
      supervise: worker,
      schedule: worker,
      useListenNotify: worker,
    })
    made.on('error', error => log().warn({ err: error }, 'the queue met an error'))
    await made.start()
    return made
  })
}

/** Puts a job in the queue. */
export async function enqueue<Schema extends z.ZodType>(job: Job<Schema>, payload: z.input<Schema>): Promise<void> {
  const parsed = job.payload.parse(payload)
  const queue = await boss()
  await queue.send(job.name, parsed as object, job.key ? { singletonKey: job.key(parsed) } : {})
}

/** Creates the queues, so that a sender never meets a missing one. Throws when a name repeats. */
export async function prepareQueues(jobs: readonly Job[]): Promise<void> {
  const names = jobs.map(job => job.name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice) throw new Error(`Two jobs are called ${twice}.`)
  const queue = await boss()
  for (const job of jobs) {
    const options = {
      retryLimit: job.retries,
      retryBackoff: true,
      retryDelay: 5,
      expireInSeconds: job.timeoutSeconds,
      notify: true,
    }
    if (await queue.getQueue(job.name)) await queue.updateQueue(job.name, options)
    else await queue.createQueue(job.name, { ...options, policy: job.key ? 'short' : 'standard' })
  }
}

/** Begins to work on all jobs. A hopeless failure (code not retryable) ends the job, others are tried again with back-off. */
export async function startWorking(jobs: readonly Job[]): Promise<void> {
  const queue = await boss()
  for (const job of jobs) {
    const options = { batchSize: 1, localConcurrency: job.concurrency, pollingIntervalSeconds: 2 }
    await queue.work(job.name, options, async ([taken]) => {
      if (!taken) return
      try {
        await job.run(job.payload.parse(taken.data ?? {}), taken.signal)
      } catch (error) {
        const failure = toAppError(error)
        log()[failure.code === 'UNEXPECTED' ? 'error' : 'warn']({ err: error, job: job.name }, 'a job failed')
        if (failure.retryable) throw error
      }
    })
    if (job.cron) await queue.schedule(job.name, job.cron, {}, { tz: 'UTC' })
  }
}

export async function stopQueue(): Promise<void> {
  const queue = await boss()
  await queue.stop({ graceful: true, timeout: STOP_DEADLINE_MS })
  forget('queue')
}
