import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import type { ItemKind } from '@/lib/kernel/ids'
import { streamList, type XtreamLogin } from '@/lib/providers'
import { shrunkProblem } from './import-parts'
import { getUncategorised, listAdultCategories } from './import-store'
import { insertFirst, isFirstImport, type MergeResult, type MergeScope, mergeStaged } from './merge-store'
import { normaliseRow } from './normalise'
import type { BrowseKind, ImportPart } from './schema'
import { copyLines, createStage, type ImportSession } from './stage-store'
import { type Staged, toCopyLine } from './staged'

/** Rows a COPY carries: about a megabyte, so that neither side holds much. */
const COPY_ROWS = 1_500
/** On a first import every so many rows become visible, and the staging table stays small. */
const FIRST_CHUNK_ROWS = 10_000
/** A list this much shorter than the last one is confirmed by a second one before anything goes. */
const SHRINK_LIMIT = 0.3

/** One run as its parts see it. */
export interface ImportRun {
  providerId: number
  ownerId: string | null
  autoMerge: boolean
  secrets: readonly string[]
  signal: AbortSignal
  /** A database session of its own, which ends with the run. */
  session(): Promise<ImportSession>
}

const actions = { channel: 'get_live_streams', movie: 'get_vod_streams', series: 'get_series' } as const satisfies Record<
  BrowseKind,
  string
>

/** Takes rows of one kind into the staging table while the next ones are being read, and on into the catalogue. */
export interface Stager {
  add(row: Staged): Promise<void>
  /** Rows taken so far. */
  readonly count: number
  /** Writes everything. `isComplete` = the list arrived whole. */
  finish(isComplete: boolean): Promise<MergeResult>
}

export async function openStager(run: ImportRun, kind: ItemKind, session: ImportSession): Promise<Stager> {
  const { client } = session
  const isFirst = await isFirstImport(client, run.providerId, kind)
  const uncategorisedId = kind === 'episode' ? null : await getUncategorised(run.providerId, kind)
  const scope: MergeScope = { ...run, kind, uncategorisedId, isComplete: false }
  // Auto-merge looks for the items of other providers, so it cannot take the fast way.
  const isFast = isFirst && !run.autoMerge
  await createStage(client, kind, isFast)
  // Lines, not rows: what waits for the database is one short string each instead of an object with twenty fields.
  let buffer: string[] = []
  let staged = 0
  let count = 0
  let added = 0
  let pending: Promise<void> = Promise.resolve()

  const write = async (lines: readonly string[], isLast: boolean) => {
    if (lines.length > 0) await copyLines(client, kind, lines)
    staged += lines.length
    if (!isFast || (staged < FIRST_CHUNK_ROWS && !isLast)) return
    added += await insertFirst(session, scope, added === 0)
    staged = 0
  }
  const flush = async (isLast: boolean) => {
    await pending
    run.signal.throwIfAborted()
    const lines = buffer
    buffer = []
    pending = write(lines, isLast)
    // Its failure is met by the next flush; until then nobody listens.
    pending.catch(() => undefined)
    if (isLast) await pending
  }
  return {
    get count() {
      return count
    },
    async add(row) {
      buffer.push(toCopyLine(row))
      count++
      if (buffer.length >= COPY_ROWS) await flush(false)
    },
    async finish(isComplete) {
      await flush(true)
      if (isFast) return { added, changed: 0, removed: 0, missing: 0, before: 0 }
      return mergeStaged(session, { ...scope, isComplete })
    },
  }
}

/**
 * Imports one list of an Xtream account. Fills `part` as it goes. A list that is cut short adds and changes, and removes
 * nothing; the part fails with the reason. Returns whether anything changed.
 */
export async function importList(
  run: ImportRun,
  login: XtreamLogin,
  task: { kind: BrowseKind; part: ImportPart },
): Promise<boolean> {
  const { kind, part } = task
  const session = await run.session()
  const stager = await openStager(run, kind, session)
  const seen = new Set<string>()
  const adultCategories = await listAdultCategories(run.providerId, kind)
  let failure: unknown = null
  try {
    for await (const batch of streamList(login, actions[kind], run.signal)) {
      for (const raw of batch) {
        const row = normaliseRow(kind, raw, { position: seen.size, secrets: run.secrets, adultCategories })
        if (row === null) part.dropped++
        else if (!seen.has(row.providerItemId)) {
          seen.add(row.providerItemId)
          await stager.add(row)
        }
      }
      part.seen = seen.size
    }
  } catch (error) {
    run.signal.throwIfAborted()
    failure = error
  }
  const changed = await settle(stager, part, { isComplete: failure === null, listed: stager.count })
  if (failure !== null) throw failure
  return changed
}

/** Writes what was staged and says in the part how it went. `listed` = rows of the whole answer. */
export async function settle(
  stager: Stager,
  part: ImportPart,
  answer: { isComplete: boolean; listed: number },
): Promise<boolean> {
  // An empty answer is a fault of the provider until the opposite is shown; it never removes anything.
  const result = await stager.finish(answer.isComplete && answer.listed > 0)
  part.added += result.added
  part.removed += result.removed
  const isEmpty = answer.isComplete && answer.listed === 0 && result.before > 0
  if (isEmpty || result.missing > result.before * SHRINK_LIMIT) {
    part.state = 'kept'
    part.problem = shrunkProblem(answer.listed)
  }
  return result.added + result.changed + result.removed > 0
}

export const cancelled = (): AppError => new AppError('IMPORT_CANCELLED')
