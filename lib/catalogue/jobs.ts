import 'server-only'
import { z } from 'zod'
import { declareJob, type Job } from '@/lib/platform/queue'
import { importJob } from './import-job'
import { queueDueImports, recoverImports } from './imports'

const dueJob = declareJob({
  name: 'catalogue.due',
  payload: z.object({}),
  retries: 0,
  timeoutSeconds: 60,
  concurrency: 1,
  cron: '*/15 * * * *',
  run: queueDueImports,
})

const recoverJob = declareJob({
  name: 'catalogue.recover',
  payload: z.object({}),
  retries: 0,
  timeoutSeconds: 60,
  concurrency: 1,
  cron: '* * * * *',
  run: async () => {
    await recoverImports()
  },
})

export const catalogueJobs: readonly Job[] = [importJob, dueJob, recoverJob]
