import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import { findDeepestArchive, type GuideRow, listChannelIds, listGuideRows } from '@/lib/catalogue'
import { AppError } from '@/lib/kernel/errors'
import { DAY, HOUR, SECOND } from '@/lib/kernel/time'
import { toGenre } from './genre'
import { listOf, listWindows, type WindowProgramme } from './guide-store'
import type {
  AiringView,
  GuideCell,
  GuideChannelView,
  GuideRowsQuery,
  GuideRowsView,
  GuideWindowQuery,
  GuideWindowView,
  ProgrammeQuery,
  ProgrammeView,
} from './schema'
import { findShortCells } from './short-cells'
import { findCells, isReferred, type Referred, toRef } from './window-cells'

/** How far other airings are looked for, how many are told, and how many channels are asked for them. */
const AIRING_DAYS = 8
const MAX_AIRINGS = 8
const MAX_SIMILAR = 6
const MAX_ASKED = 1_000

/** The channels that are the rows of a guide, in order. */
export async function listGuideRowIds(viewer: Viewer, query: GuideRowsQuery): Promise<GuideRowsView> {
  const { ids, more } = await listChannelIds(viewer, query)
  return { ids, more, archiveDays: await findDeepestArchive(ids) }
}

/**
 * A window of the guide: some channels of the viewer's line-up between two moments. Foreign channels are left out.
 * @throws NOT_FOUND when none of them is the viewer's
 */
export async function findGuideWindow(viewer: Viewer, { ids, from, hours }: GuideWindowQuery): Promise<GuideWindowView> {
  const rows = await listGuideRows(viewer, ids)
  if (rows.length === 0) throw new AppError('NOT_FOUND')
  const to = from + (hours * HOUR) / SECOND
  const cells = await findCells(rows, { from, to })
  const silent = rows.filter(({ id }) => (cells.get(id) ?? []).length === 0)
  const short = await findShortCells(silent, { from, to })
  const cellsOf = (id: number): GuideCell[] => [...(short.cells.get(id) ?? cells.get(id) ?? [])]
  const channels = rows.map(row => ({ ...toChannelView(row), cells: cellsOf(row.id) }))
  if (short.again === null) return { from, to, channels }
  return { from, to, channels, again: Math.max(1, Math.ceil((short.again - Date.now()) / SECOND)) }
}

export const toChannelView = ({ card: { id, name, number, image, archiveDays, favourite } }: GuideRow): GuideChannelView => ({
  id,
  name,
  number,
  image,
  archiveDays,
  favourite,
})

/** One programme of a channel with all that is known. @throws NOT_FOUND for foreign channels and for times when none begins */
export async function getProgramme(viewer: Viewer, { channel, start }: ProgrammeQuery, now = new Date()): Promise<ProgrammeView> {
  const [row] = await listGuideRows(viewer, [channel])
  if (!row || !isReferred(row)) throw new AppError('NOT_FOUND')
  const at = new Date(start * SECOND)
  const [programme] = await listOf(toRef(row), at, 1)
  if (programme?.start.getTime() !== at.getTime()) throw new AppError('NOT_FOUND')
  const { title, subTitle, description, categories, details, stop } = programme
  const genre = toGenre(categories)
  const others = await listOthers(viewer, row)
  const [airings, similar] = await Promise.all([
    listAirings(others, title, now),
    genre === null ? [] : listSimilarNow(others, genre, now),
  ])
  const isOther = (airing: AiringView) => airing.channel.id !== channel || airing.start !== start
  return {
    channel: toChannelView(row),
    start,
    stop: stop.getTime() / SECOND,
    title,
    subTitle,
    description,
    categories,
    genre,
    details: details ?? {},
    airings: airings.filter(isOther).slice(0, MAX_AIRINGS),
    similar: similar.filter(airing => isOther(airing) && airing.title !== title).slice(0, MAX_SIMILAR),
  }
}

/** The channel itself and the viewer's other channels, each guide once: HD and SD of one channel tell the same. */
async function listOthers(viewer: Viewer, own: Referred): Promise<Referred[]> {
  const { ids } = await listChannelIds(viewer, { favourites: 'first', limit: MAX_ASKED })
  const asked = ids.filter(id => id !== own.id)
  const rows = [own, ...(await listGuideRows(viewer, asked)).filter(isReferred)]
  const byGuide = new Map<string, Referred>()
  for (const row of rows) {
    const key = `${row.providerId} ${row.guideId.toLowerCase()}`
    if (!byGuide.has(key)) byGuide.set(key, row)
  }
  return [...byGuide.values()]
}

const toAiring = ({ card }: Referred, { start, stop, title }: WindowProgramme): AiringView => ({
  channel: { id: card.id, name: card.name },
  start,
  stop,
  title,
})

async function listAirings(rows: readonly Referred[], title: string, now: Date): Promise<AiringView[]> {
  const found = await listWindows(rows.map(toRef), { from: now, to: new Date(now.getTime() + AIRING_DAYS * DAY), title })
  const airings = rows.flatMap((row, at) => (found.get(at) ?? []).map(programme => toAiring(row, programme)))
  return airings.sort((a, b) => a.start - b.start).slice(0, MAX_AIRINGS + 1)
}

async function listSimilarNow(rows: readonly Referred[], genre: string, now: Date): Promise<AiringView[]> {
  const found = await listWindows(rows.map(toRef), { from: now, to: new Date(now.getTime() + SECOND) })
  return rows.flatMap((row, at) =>
    (found.get(at) ?? [])
      .filter(({ categories }) => toGenre(categories) === genre)
      .slice(0, 1)
      .map(programme => toAiring(row, programme)),
  )
}
