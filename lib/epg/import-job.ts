import 'server-only'
import { z } from 'zod'
import { declareJob } from '@/lib/platform/queue'
import { importGuide } from './import-guide'

export const guideImportJob = declareJob({
  name: 'epg.import',
  payload: z.object({ sourceId: z.number().int() }),
  // Faults of a provider end in the source's row; what is thrown is ours, and the next try takes the waiting source.
  retries: 2,
  timeoutSeconds: 1_800,
  // One at a time: a guide is the heaviest thing a worker does.
  concurrency: 1,
  key: ({ sourceId }) => String(sourceId),
  run: ({ sourceId }, signal) => importGuide(sourceId, signal),
})
