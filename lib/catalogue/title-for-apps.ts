import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { AppError } from '@/lib/kernel/errors'
import { isFreshInTime } from './item-page'
import { getItemRow, type ItemRow, listContainers, listEpisodeRows, listSourceRecords, type SourceRecord } from './item-store'
import { getLineUp, type LineUp } from './line-up'

/** An item with what its detail answer needs. */
export interface TitleForApps {
  row: ItemRow
  sources: SourceRecord[]
  episodes: (ItemRow & { container: string | null })[]
}

/** Details are fetched from the provider when they are missing or old, as for our own pages. @throws NOT_FOUND */
export async function getTitleForApps(viewer: Viewer, kind: 'movie' | 'series', id: number): Promise<TitleForApps> {
  const lineUp = await getLineUp(viewer)
  const known = await getItemRow(lineUp, id)
  const sources = await listSourceRecords(lineUp, id)
  if (known.kind !== kind || sources.length === 0) throw new AppError('NOT_FOUND')
  await isFreshInTime(known, sources)
  const row = await getItemRow(lineUp, id)
  return { row, sources, episodes: kind === 'series' ? await listEpisodes(lineUp, id) : [] }
}

async function listEpisodes(lineUp: LineUp, seriesId: number): Promise<TitleForApps['episodes']> {
  const rows = await listEpisodeRows(lineUp, seriesId)
  const containers = await listContainers(
    lineUp,
    rows.map(({ id }) => id),
  )
  return rows.map(row => ({ ...row, container: containers.get(row.id) ?? null }))
}
