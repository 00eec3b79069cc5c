import 'server-only'
import { z } from 'zod'
import { accountJobs } from '@/lib/accounts'
import { qualityJobs } from '@/lib/analytics'
import { catalogueJobs } from '@/lib/catalogue'
import { guideJobs } from '@/lib/epg'
import { notificationJobs } from '@/lib/notifications'
import { trimPictures } from '@/lib/platform/pictures'
import { declareJob, type Job } from '@/lib/platform/queue'
import { cleanUp } from './clean-store'

const trimPicturesJob = declareJob({
  name: 'pictures.trim',
  payload: z.object({}),
  retries: 0,
  timeoutSeconds: 600,
  concurrency: 1,
  cron: '17 4 * * *',
  run: () => trimPictures(),
})

const cleanUpJob = declareJob({
  name: 'house.clean-up',
  payload: z.object({}),
  retries: 1,
  timeoutSeconds: 1_800,
  concurrency: 1,
  cron: '43 3 * * *',
  run: (_payload, signal) => cleanUp(signal),
})

/** Every job of the product. Start-up fails when a name repeats. */
export const jobs: readonly Job[] = [
  ...accountJobs,
  ...catalogueJobs,
  ...guideJobs,
  ...notificationJobs,
  ...qualityJobs,
  trimPicturesJob,
  cleanUpJob,
]
