import 'server-only'
import { setImmediate as turn } from 'node:timers/promises'
import { AppError } from '@/lib/kernel/errors'
import type { ItemKind } from '@/lib/kernel/ids'
import { isTooSlow, streamList, type XtreamLogin } from '@/lib/providers'
import { CopyQueue } from './copy-queue'
import { type ByCategory, listActions, readByCategory } from './import-by-category'
import { shrunkProblem } from './import-parts'
import { getUncategorised, listAdultCategories } from './import-store'
import { insertFirst, isFirstImport, type MergeResult, type MergeScope, mergeStaged } from './merge-store'
import { normaliseRow } from './normalise'
import type { BrowseKind, ImportPart } from './schema'
import { copyLines, createStage, type ImportSession } from './stage-store'
import { type Staged, toCopyLine } from './staged'

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
  /** The provider's ids of the categories that this run has read, by kind; a kind is missing when they did not come. */
  listedCategories: Map<BrowseKind, readonly string[]>
  signal: AbortSignal
  /** A database session of its own, which ends with the run. */
  session(): Promise<ImportSession>
}

/** Takes rows of one kind into the staging table while the next ones are being read, and on into the catalogue. */
export interface Stager {
  add(row: Staged): Promise<void>
  /** Rows taken so far. */
  readonly count: number
  /** Writes everything. `isComplete` = the list arrived whole, or all that these categories hold. */
  finish(isComplete: boolean, onlyCategories?: readonly string[] | null): Promise<MergeResult>
}

export async function openStager(run: ImportRun, kind: ItemKind, session: ImportSession): Promise<Stager> {
  const { client } = session
  const isFirst = await isFirstImport(client, run.providerId, kind)
  const uncategorisedId = kind === 'episode' ? null : await getUncategorised(run.providerId, kind)
  const scope: MergeScope = { ...run, kind, uncategorisedId, isComplete: false, onlyCategories: null }
  // Auto-merge looks for the items of other providers, so it cannot take the fast way.
  const isFast = isFirst && !run.autoMerge
  await createStage(client, kind, isFast)
  const queue = new CopyQueue()
  let staged = 0
  let count = 0
  let added = 0
  let pending: Promise<void> = Promise.resolve()
  let isWriting = false

  const write = async (isLast: boolean) => {
    const { pieces, rows } = queue.take()
    if (rows > 0) await copyLines(client, kind, pieces)
    staged += rows
    if (!isFast || (staged < FIRST_CHUNK_ROWS && !isLast)) return
    added += await insertFirst(session, scope, added === 0)
    staged = 0
  }
  const flush = async (isLast: boolean) => {
    await pending
    run.signal.throwIfAborted()
    isWriting = true
    pending = session
      .inTurn(() => write(isLast))
      .finally(() => {
        isWriting = false
      })
    // Its failure is met by the next flush; until then nobody listens.
    pending.catch(() => undefined)
    if (isLast) await pending
  }
  return {
    get count() {
      return count
    },
    async add(row) {
      count++
      if (!queue.add(toCopyLine(row))) return
      // The statements of the writing side get their turn.
      await turn()
      if (queue.isDue(isWriting)) await flush(false)
    },
    async finish(isComplete, onlyCategories = null) {
      await flush(true)
      if (isFast) return { added, changed: 0, removed: 0, missing: 0, before: 0 }
      return session.inTurn(() => mergeStaged(session, { ...scope, isComplete, onlyCategories }))
    },
  }
}

/** Reads rows of one kind into a stager, each id once. */
export interface Intake {
  /** `isPart` = the batch is of an answer that holds one category only. */
  take(batch: readonly unknown[], how?: { isPart: boolean }): Promise<void>
  /** Rows read so far. */
  readonly count: number
}

async function openIntake(run: ImportRun, stager: Stager, { kind, part }: ListTask): Promise<Intake> {
  const seen = new Set<string>()
  const numbers = new Set<number>()
  const adultCategories = await listAdultCategories(run.providerId, kind)
  const add = async (row: Staged, isPart: boolean) => {
    // Panels that count the rows of an answer begin with one in each category.
    if (isPart && row.number !== null && numbers.has(row.number)) row.number = seen.size + 1
    if (row.number !== null) numbers.add(row.number)
    seen.add(row.providerItemId)
    await stager.add(row)
  }
  return {
    get count() {
      return seen.size
    },
    async take(batch, { isPart } = { isPart: false }) {
      for (const raw of batch) {
        const row = normaliseRow(kind, raw, { position: seen.size, secrets: run.secrets, adultCategories })
        if (row === null) part.dropped++
        else if (!seen.has(row.providerItemId)) await add(row, isPart)
      }
      part.seen = seen.size
    },
  }
}

interface ListTask {
  kind: BrowseKind
  part: ImportPart
}

/**
 * Imports one list of an Xtream account. Fills `part` as it goes. A list that the server cannot put together in time is read
 * category by category. What is cut short adds and changes, and removes nothing; the part fails with the reason. Returns
 * whether anything changed.
 */
export async function importList(run: ImportRun, login: XtreamLogin, task: ListTask): Promise<boolean> {
  const { kind, part } = task
  const stager = await openStager(run, kind, await run.session())
  const intake = await openIntake(run, stager, task)
  let failure: unknown = null
  let parts: ByCategory | null = null
  try {
    const whole = streamList(login, listActions[kind], { signal: run.signal, isDivisible: true })
    for await (const batch of whole) await intake.take(batch)
  } catch (error) {
    run.signal.throwIfAborted()
    if (isTooSlow(error)) parts = await readByCategory(run, login, { kind, intake })
    if (!parts?.isComplete) failure = error
  }
  const onlyCategories = parts?.answered ?? null
  const changed = await settle(stager, part, { isComplete: failure === null, listed: stager.count, onlyCategories })
  if (failure !== null) throw failure
  return changed
}

/** Writes what was staged and says in the part how it went. `listed` = rows of the whole answer. */
export async function settle(
  stager: Stager,
  part: ImportPart,
  answer: { isComplete: boolean; listed: number; onlyCategories?: readonly string[] | null },
): Promise<boolean> {
  // An empty answer is a fault of the provider until the opposite is shown; it never removes anything.
  const result = await stager.finish(answer.isComplete && answer.listed > 0, answer.onlyCategories)
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
