import 'server-only'
import { z } from 'zod'
import { declareJob, enqueue, type Job } from '@/lib/platform/queue'
import { guideImportJob } from './import-job'
import { guideMatchJob } from './match-job'
import { queueDueGuides } from './sources'
import { listSourceIds } from './title-store'
import { guideTitlesJob, queueTitles } from './titles'
import { tellUntold } from './told'
import { trimGuides } from './trim-store'

const dueJob = declareJob({
  name: 'epg.due',
  payload: z.object({}),
  retries: 0,
  timeoutSeconds: 60,
  concurrency: 1,
  // A few minutes behind `catalogue.due`, so that a guide follows its catalogue.
  cron: '9,24,39,54 * * * *',
  run: async () => {
    await tellUntold()
    await queueDueGuides()
  },
})

const trimJob = declareJob({
  name: 'epg.trim',
  payload: z.object({}),
  retries: 1,
  timeoutSeconds: 600,
  concurrency: 1,
  cron: '21 3 * * *',
  run: async () => {
    await trimGuides()
    for (const sourceId of await listSourceIds()) await queueTitles(sourceId)
    // Guides that ran dry meanwhile leave their channels to the next ones.
    await enqueue(guideMatchJob, { scope: 'all' })
  },
})

export const guideJobs: readonly Job[] = [guideImportJob, guideMatchJob, guideTitlesJob, dueJob, trimJob]
