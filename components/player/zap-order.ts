import type { ItemCard } from '@/lib/catalogue/schema'

type Numbered = Pick<ItemCard, 'id' | 'number'>

/** The channel `step` places on, round the end. A channel that is not in the list stands before its first one. */
export function findNeighbour<T extends Numbered>(channels: readonly T[], currentId: number, step: number): T | null {
  if (channels.length === 0) return null
  const at = channels.findIndex(channel => channel.id === currentId)
  const from = at < 0 && step < 0 ? 0 : at
  const next = channels[(((from + step) % channels.length) + channels.length) % channels.length]
  return next && next.id !== currentId ? next : null
}

/** What typed digits mean: the channel with that number, else the first whose number begins so. */
export function findByDigits<T extends Numbered>(channels: readonly T[], digits: string): T | null {
  const number = Number(digits)
  return (
    channels.find(channel => channel.number === number) ??
    channels.find(channel => String(channel.number ?? '').startsWith(String(number))) ??
    null
  )
}

/** As many as the list of channels watched last shows, and the one that plays. */
const MOST_RECENT = 11

/** The channels watched last with this one in front. */
export function noteRecent(recent: readonly number[], itemId: number): number[] {
  return [itemId, ...recent.filter(id => id !== itemId)].slice(0, MOST_RECENT)
}

/** The channel with its neighbours, round the end; the whole list where it is that short. */
export function listAround<T extends Numbered>(channels: readonly T[], currentId: number, around: number): T[] {
  if (channels.length <= 2 * around + 1) return [...channels]
  const at = Math.max(
    0,
    channels.findIndex(channel => channel.id === currentId),
  )
  return Array.from({ length: 2 * around + 1 }, (_, row) => channels.at((at - around + row) % channels.length)).filter(
    channel => channel !== undefined,
  )
}
