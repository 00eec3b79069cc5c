import 'server-only'
import { requireAdmin } from '@/lib/accounts'
import type { Viewer } from '@/lib/accounts/schema'
import { AppError } from '@/lib/kernel/errors'
import { publish } from '@/lib/platform/bus'
import { listConnectionRows } from './connection-store'
import type { ConnectionView } from './schema'
import { endPlaybacks } from './store'

/** Everything that plays now, the newest first. @throws FORBIDDEN */
export async function listConnections(viewer: Viewer): Promise<ConnectionView[]> {
  requireAdmin(viewer)
  return listConnectionRows()
}

/** Ends one at once, in whichever process it runs. @throws FORBIDDEN, NOT_FOUND when it has ended already */
export async function endConnection(viewer: Viewer, id: string): Promise<void> {
  requireAdmin(viewer)
  const ended = await endPlaybacks({ ids: [id] }, 'ended by an admin')
  if (ended.length === 0) throw new AppError('NOT_FOUND')
  await publish('playback.ended', { ids: ended })
}

/** Ends all of a line; none is fine. @throws FORBIDDEN */
export async function endLineConnections(viewer: Viewer, lineId: number): Promise<void> {
  requireAdmin(viewer)
  await endAllOfLine(lineId, 'ended by an admin')
}

/** The same for the server's own reasons. */
export async function endAllOfLine(lineId: number, reason: string): Promise<void> {
  const ended = await endPlaybacks({ lineId }, reason)
  // News on the bus have a largest size.
  for (let at = 0; at < ended.length; at += 100) await publish('playback.ended', { ids: ended.slice(at, at + 100) })
}
