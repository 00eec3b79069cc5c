import 'server-only'
import { log } from '@/lib/platform/log'
import { streamList, type XtreamLogin } from '@/lib/providers'
import type { ImportRun, Intake } from './import-lists'
import { listCategoryIds } from './import-store'
import type { BrowseKind } from './schema'

export const listActions = {
  channel: 'get_live_streams',
  movie: 'get_vod_streams',
  series: 'get_series',
} as const satisfies Record<BrowseKind, string>

/** A server that failed this often in a row is left alone until the next refresh. */
const GIVE_UP_AFTER = 5

/** How far a list came category by category. */
export interface ByCategory {
  /** The categories (the provider's ids) that answered whole. */
  answered: readonly string[]
  /** Every category that the provider lists now answered whole. */
  isComplete: boolean
}

/**
 * Reads a list category by category, one at a time, where the server cannot put the whole together in time
 * (protocols.md 8.23). What the provider files nowhere does not come this way.
 */
export async function readByCategory(
  run: ImportRun,
  login: XtreamLogin,
  { kind, intake }: { kind: BrowseKind; intake: Intake },
): Promise<ByCategory> {
  const listed = run.listedCategories.get(kind)
  const wanted = listed ?? (await listCategoryIds(run.providerId, kind))
  const answered: string[] = []
  let failedInARow = 0
  for (const category of wanted) {
    try {
      const rows = streamList(login, listActions[kind], { signal: run.signal, category })
      for await (const batch of rows) await intake.take(batch, { isPart: true })
      answered.push(category)
      failedInARow = 0
    } catch (error) {
      run.signal.throwIfAborted()
      log().debug({ err: error, category }, 'one category of a list did not come')
      failedInARow++
      if (failedInARow === GIVE_UP_AFTER) break
    }
  }
  return { answered, isComplete: listed !== undefined && listed.length > 0 && answered.length === listed.length }
}
