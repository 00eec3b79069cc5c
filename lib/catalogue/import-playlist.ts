import 'server-only'
import type { ItemKind } from '@/lib/kernel/ids'
import { type PlaylistOrigin, type ProviderForWork, readPlaylist } from '@/lib/providers'
import { type ImportRun, openStager, type Stager, settle } from './import-lists'
import { saveCategories } from './import-store'
import { normaliseEntry } from './normalise-m3u'
import type { ImportPart } from './schema'
import { type Staged, stagedKinds } from './staged'

export interface PlaylistTask {
  provider: ProviderForWork
  origin: PlaylistOrigin
  salt: string
  /** By kind; episodes count with their series. */
  parts: Record<'channel' | 'movie' | 'series', ImportPart>
}

/** A file without its first line may be another thing than its owner believes (reliability.md D4, 77). */
const UNHEADED = 'This list does not begin as a playlist does: #EXTM3U is missing. We read its entries all the same.'

interface Collected {
  stagers: Record<ItemKind, Stager>
  seen: Set<string>
  /** Group names by kind, in order of first appearance. */
  groups: Record<ItemKind, Set<string>>
  position: number
}

/** Imports a playlist: one pass over its entries fills channels, movies, series and episodes. */
export async function importPlaylist(run: ImportRun, task: PlaylistTask): Promise<boolean> {
  const session = await run.session()
  const collected: Collected = {
    stagers: {} as Record<ItemKind, Stager>,
    seen: new Set(),
    groups: { channel: new Set(), movie: new Set(), series: new Set(), episode: new Set() },
    position: 0,
  }
  for (const kind of stagedKinds) collected.stagers[kind] = await openStager({ ...run }, kind, session)
  let failure: unknown = null
  try {
    const { ownerId, options, refreshedAt } = task.provider
    for await (const batch of readPlaylist(task.origin, { ownerId, options, known: refreshedAt !== null, signal: run.signal })) {
      task.parts.channel.dropped += batch.dropped
      task.parts.channel.warning = batch.isHeaded ? null : UNHEADED
      for (const entry of batch.entries) await take(normalise(entry, task, collected, run), collected)
      for (const kind of ['channel', 'movie', 'series'] as const) task.parts[kind].seen = collected.stagers[kind].count
    }
  } catch (error) {
    run.signal.throwIfAborted()
    failure = error
  }
  const changed = await settleAll(run, task, { collected, isComplete: failure === null })
  if (failure !== null) throw failure
  return changed
}

function normalise(entry: Parameters<typeof normaliseEntry>[0], task: PlaylistTask, collected: Collected, run: ImportRun) {
  const { salt } = task
  return normaliseEntry(entry, { providerId: run.providerId, salt, secrets: run.secrets, position: collected.position++ })
}

async function take(item: ReturnType<typeof normaliseEntry>, collected: Collected): Promise<void> {
  if (item.kind === 'episode') await once('series', item.series, collected)
  await once(item.kind, item.row, collected)
}

async function once(kind: ItemKind, row: Staged, { seen, groups, stagers }: Collected): Promise<void> {
  const key = `${kind}/${row.providerItemId}`
  if (seen.has(key)) return
  seen.add(key)
  if (row.category !== '') groups[kind].add(row.category)
  await stagers[kind].add(row)
}

async function settleAll(
  run: ImportRun,
  { parts }: PlaylistTask,
  { collected, isComplete }: { collected: Collected; isComplete: boolean },
): Promise<boolean> {
  let changed = false
  // A playlist is one answer: a kind that is gone from a list that is not empty is missing, not a fault.
  const listed = collected.seen.size
  for (const kind of stagedKinds) {
    run.signal.throwIfAborted()
    const names = [...collected.groups[kind]]
    const rows = names.map(name => ({ id: name, name }))
    if (rows.length > 0 && (await saveCategories(run.providerId, kind, rows))) changed = true
    const part = kind === 'episode' ? parts.series : parts[kind]
    const before = part.added
    const didChange = await settle(collected.stagers[kind], part, { isComplete, listed })
    if (kind === 'episode') part.added = before
    changed = didChange || changed
  }
  return changed
}
