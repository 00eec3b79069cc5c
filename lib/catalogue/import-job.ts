import 'server-only'
import { z } from 'zod'
import { declareJob } from '@/lib/platform/queue'
import { runImport } from './import-run'
import { findLive } from './import-store'

export const importJob = declareJob({
  name: 'catalogue.import',
  payload: z.object({ importId: z.number().int(), providerId: z.number().int() }),
  // Faults of a provider end in the run itself. A fault of ours, such as a lost database, and the stop of this process put the
  // run back to wait and are thrown: the next try takes it, or `catalogue.recover` once the tries are used up.
  retries: 2,
  timeoutSeconds: 1_200,
  concurrency: 2,
  key: ({ providerId }) => String(providerId),
  run: async ({ importId, providerId }, signal) => {
    await runImport(importId, signal)
    // A run that was put down while this job still waited for a cancelled one shares its key and has no job of its own.
    const next = await findLive(providerId)
    if (next?.state === 'queued') await runImport(next.id, signal)
  },
})
