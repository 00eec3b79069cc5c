import type { KeptGuide } from './kept-guide'
import { BLOCK_ROWS } from './lay-out'

export interface KeptRows {
  ids: number[]
  archiveDays: number | undefined
  /** When the newest of what is kept of them came. */
  at: number
}

/**
 * The channels of the list seen last of which something is kept. Whole blocks of rows: windows are kept by them, so that each
 * block must stay the one it was.
 */
export function findKeptRows({ rows, windows }: Pick<KeptGuide, 'rows' | 'windows'>): KeptRows | null {
  for (const { view } of rows.toSorted((a, b) => b.at - a.at)) {
    const ids: number[] = []
    let newest = 0
    for (let start = 0; start < view.ids.length; start += BLOCK_ROWS) {
      const block = view.ids.slice(start, start + BLOCK_ROWS)
      // As windowQuery names it, written as JSON.
      const known = windows.filter(({ key }) => key.startsWith(`"ids=${block.join(',')}&`))
      if (known.length === 0) continue
      ids.push(...block)
      newest = Math.max(newest, ...known.map(({ at }) => at))
    }
    if (ids.length > 0) return { ids, archiveDays: view.archiveDays, at: newest }
  }
  return null
}
