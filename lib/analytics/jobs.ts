import 'server-only'
import { z } from 'zod'
import { declareJob, type Job } from '@/lib/platform/queue'
import { watchQuality } from './quality'

const watchJob = declareJob({
  name: 'quality.watch',
  payload: z.object({}),
  retries: 0,
  timeoutSeconds: 60,
  concurrency: 1,
  cron: '* * * * *',
  run: watchQuality,
})

export const qualityJobs: readonly Job[] = [watchJob]
