import type { GuideCell, GuideChannelView, GuideGenre, GuideWindowView } from '@/lib/epg/schema'
import { HOUR, SECOND } from '@/lib/kernel/time'

/** Hours of one window, and rows of one: what is asked for together. */
export const BLOCK_HOURS = 4
export const BLOCK_MS = BLOCK_HOURS * HOUR
export const BLOCK_ROWS = 30

/** One cell of the grid. Times in ms; `gap`: the guide knows nothing; `pending`: not here yet. */
export interface Cell {
  kind: 'programme' | 'gap' | 'pending' | 'failed'
  start: number
  stop: number
  title: string
  genre: GuideGenre | null
  flags: number
}

export interface Row {
  channel: GuideChannelView | null
  cells: Cell[]
}

/** What is known of one window: its answer, or that it did not come. */
export interface Loaded {
  data: GuideWindowView | undefined
  failed: boolean
}

// The same list as in lib/epg/schema.ts, whose zod stays out of the browser; `satisfies` and the test hold them together.
export const genres = [
  'news',
  'sport',
  'film',
  'series',
  'children',
  'documentary',
  'music',
  'show',
] as const satisfies readonly GuideGenre[]

const toCell = ([start, stop, title, genre, flags]: GuideCell): Cell => ({
  kind: 'programme',
  start: start * SECOND,
  stop: stop * SECOND,
  title,
  genre: genres[genre - 1] ?? null,
  flags,
})

const blank = (kind: Cell['kind'], start: number, stop: number): Cell => ({ kind, start, stop, title: '', genre: null, flags: 0 })

export const blockStart = (at: number): number => Math.floor(at / BLOCK_MS) * BLOCK_MS

/** Starts of the blocks that a stretch of time touches. */
export function blocksOf(from: number, to: number): number[] {
  const starts: number[] = []
  for (let at = blockStart(from); at < to; at += BLOCK_MS) starts.push(at)
  return starts
}

const isUnknown = ({ kind }: Cell): boolean => kind === 'pending' || kind === 'failed'

/** What is not here ends where a programme that reaches over from it begins: that one is whole from the start. Returns where it ends. */
function giveWay(cells: Cell[], start: number, at: number): number {
  let end = at
  for (let last = cells.at(-1); last && isUnknown(last) && last.stop > start; last = cells.at(-1)) {
    end = Math.max(last.start, start)
    if (last.start >= start) cells.pop()
    else last.stop = start
  }
  return cells.length === 0 ? start : end
}

/**
 * Cells without a hole or an overlap from the first to the last block: programmes, gaps between them (never longer than a
 * block, so that arrows move through them), and what is still on its way.
 */
export function layOutCells(blocks: readonly number[], found: readonly (readonly GuideCell[] | 'pending' | 'failed')[]): Cell[] {
  const cells: Cell[] = []
  const first = blocks[0] ?? 0
  let at = first
  for (const [index, block] of blocks.entries()) {
    const own = found[index] ?? 'pending'
    const end = block + BLOCK_MS
    if (typeof own === 'string') {
      if (end > at) cells.push(blank(own, Math.max(at, block), end))
      at = Math.max(at, end)
      continue
    }
    for (const tuple of own) {
      const cell = toCell(tuple)
      // A programme that reaches over from the block before is there already; one that began before everything comes whole.
      if (cell.start < at && cells.length > 0) {
        if (cell.stop <= at) continue
        at = giveWay(cells, cell.start, at)
        const before = cells.at(-1)
        if (before?.kind === 'programme' && before.start === cell.start) continue
        cell.start = Math.max(cell.start, at)
      }
      if (cell.start > at) cells.push(blank('gap', at, cell.start))
      cells.push(cell)
      at = cell.stop
    }
    if (at < end) cells.push(blank('gap', at, end))
    at = Math.max(at, end)
  }
  return cells
}

/** The rows of one block of channels from the windows that came. */
export function layOutRows(ids: readonly number[], blocks: readonly number[], windows: readonly Loaded[]): Row[] {
  const known = windows.map(({ data, failed }) =>
    data ? new Map(data.channels.map(channel => [channel.id, channel])) : failed ? ('failed' as const) : ('pending' as const),
  )
  return ids.map(id => {
    const mine = known.map(window => (typeof window === 'string' ? window : window.get(id)))
    const channel = mine.find(one => typeof one === 'object') ?? null
    return {
      channel,
      cells: layOutCells(
        blocks,
        mine.map(one => (typeof one === 'object' ? one.cells : (one ?? []))),
      ),
    }
  })
}

/** A channel as any of these windows has it. */
export function findChannel(windows: readonly (GuideWindowView | undefined)[], id: number): GuideChannelView | null {
  for (const window of windows) {
    const channel = window?.channels.find(one => one.id === id)
    if (channel) return channel
  }
  return null
}

/** The cell at a moment; the nearest one where there is none. */
export function cellAt(cells: readonly Cell[], time: number): Cell | undefined {
  return (
    cells.find(({ start, stop }) => start <= time && time < stop) ?? (time < (cells[0]?.start ?? 0) ? cells[0] : cells.at(-1))
  )
}
