import 'server-only'
import { z } from 'zod'
import { catalogueJobs } from '@/lib/catalogue'
import { trimPictures } from '@/lib/platform/pictures'
import { declareJob, type Job } from '@/lib/platform/queue'

const trimPicturesJob = declareJob({
  name: 'pictures.trim',
  payload: z.object({}),
  retries: 0,
  timeoutSeconds: 600,
  concurrency: 1,
  cron: '17 4 * * *',
  run: () => trimPictures(),
})

/** Every job of the product. Start-up fails when a name repeats. */
export const jobs: readonly Job[] = [...catalogueJobs, trimPicturesJob]
