import { AppError } from '@/lib/kernel/errors'

export interface OpenStream {
  id: string
  itemId: number
  address: string
  app: string
}

/**
 * Which running streams of a line end for a new one, oldest first in `open`. Below the cap none. At the cap a line that
 * replaces lets go what most likely is the same viewer's last stream: the same thing on the same device, then the same
 * device, then the same address, then the oldest, as panels do (protocols.md 3.3). @throws LINE_FULL for one that refuses
 */
export function chooseReplaced(
  open: readonly OpenStream[],
  wanted: Omit<OpenStream, 'id'>,
  place: { maxConnections: number; whenFull: 'replace' | 'refuse' },
): string[] {
  const surplus = open.length - place.maxConnections + 1
  if (surplus <= 0) return []
  if (place.whenFull === 'refuse') throw new AppError('LINE_FULL')
  const likeness = ({ itemId, address, app }: OpenStream) => {
    if (address !== wanted.address) return 0
    if (app !== wanted.app) return 1
    return itemId === wanted.itemId ? 3 : 2
  }
  // A stable sort: among equals the oldest goes.
  return [...open]
    .sort((a, b) => likeness(b) - likeness(a))
    .slice(0, surplus)
    .map(({ id }) => id)
}
