import 'server-only'
import { z } from 'zod'
import { declareJob } from '@/lib/platform/queue'
import { runImport } from './import-run'

export const importJob = declareJob({
  name: 'catalogue.import',
  payload: z.object({ importId: z.number().int(), providerId: z.number().int() }),
  // Faults of a provider end in the run itself; a further try here is for faults of ours, such as a lost database.
  retries: 2,
  timeoutSeconds: 1_200,
  concurrency: 2,
  key: ({ providerId }) => String(providerId),
  run: ({ importId }, signal) => runImport(importId, signal),
})
