import 'server-only'
import { z } from 'zod'
import { fold } from '@/lib/catalogue'
import { declareJob, enqueue } from '@/lib/platform/queue'
import { insertTitles, settleTitles } from './title-store'

const BATCH = 5_000

/** Makes a guide's titles findable, after its programmes have changed. Running twice changes nothing more. */
export async function refreshTitles(sourceId: number, signal?: AbortSignal): Promise<void> {
  const fresh = await settleTitles(sourceId)
  for (let at = 0; at < fresh.length; at += BATCH) {
    signal?.throwIfAborted()
    const batch = fresh.slice(at, at + BATCH)
    await insertTitles(
      sourceId,
      batch.map(told => ({ ...told, key: fold(told.title) })),
    )
  }
}

export const guideTitlesJob = declareJob({
  name: 'epg.titles',
  payload: z.object({ sourceId: z.number().int() }),
  retries: 2,
  timeoutSeconds: 600,
  concurrency: 1,
  key: ({ sourceId }) => String(sourceId),
  run: ({ sourceId }, signal) => refreshTitles(sourceId, signal),
})

/** After an import of a guide. */
export const queueTitles = (sourceId: number): Promise<unknown> => enqueue(guideTitlesJob, { sourceId })
