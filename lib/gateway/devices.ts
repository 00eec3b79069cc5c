import 'server-only'
import { renderSVG } from 'uqr'
import {
  createLine,
  type LineRecord,
  listLines,
  type MadeLine,
  renewLinePassword,
  revokeLine,
  toLineView,
  updateLine,
} from '@/lib/accounts'
import type { LineAddresses, LineChange, LineInput, LineView, NewLineView, Viewer } from '@/lib/accounts/schema'
import { AppError } from '@/lib/kernel/errors'
import { countLinePlaybacks, endAllOfLine } from '@/lib/playback'
import { listVisibleProviders } from '@/lib/providers'
import { originOf } from './origin'
import { guideAddress } from './playlist-routes'
import { ownOrigins } from './xtream'

/** Connections of a line that somebody makes for their own devices. */
const MAX_CONNECTIONS = 20
/** Of a line whose maker says nothing, and of our own pages. */
const USUAL_PRIORITY = 5

/** Where a request came from, as the guard wrote it down, and the name it asked by. */
export interface Asking {
  address: string
  host: string | undefined
}

export async function listDevices(viewer: Viewer): Promise<LineView[]> {
  return withCounts(await listLines(viewer))
}

/** Makes a line; its password and addresses are in this answer only. @throws NOT_FOUND for a source that is not the viewer's to see, and what `createLine` throws */
export async function createDevice(viewer: Viewer, input: LineInput, asking: Asking): Promise<NewLineView> {
  await requireAllowed(viewer, input)
  return toNewView(await createLine(viewer, input, asking.address), asking)
}

/** @throws NOT_FOUND, INVALID_PARAMETER */
export async function updateDevice(viewer: Viewer, id: number, change: LineChange): Promise<LineView> {
  await requireAllowed(viewer, change)
  const [view] = await withCounts([await updateLine(viewer, id, change)])
  if (view === undefined) throw new AppError('NOT_FOUND')
  return view
}

/** A new password, shown once. Apps with the old one stop within seconds. @throws NOT_FOUND */
export async function renewDevice(viewer: Viewer, id: number, asking: Asking): Promise<NewLineView> {
  const made = await renewLinePassword(viewer, id, asking.address)
  await endAllOfLine(id, 'new password')
  return toNewView(made, asking)
}

/** What runs with it ends at once. @throws NOT_FOUND */
export const deleteDevice = (viewer: Viewer, id: number, address: string): Promise<void> => revokeLine(viewer, id, address)

async function requireAllowed(viewer: Viewer, { providerIds, maxConnections = 1, priority = 0 }: LineChange): Promise<void> {
  if (maxConnections > MAX_CONNECTIONS && viewer.role !== 'admin') {
    throw new AppError('INVALID_PARAMETER', { field: 'maxConnections', say: `At most ${MAX_CONNECTIONS} streams at once.` })
  }
  // Whose stream gives way to whose is not for everybody to say.
  if (priority > USUAL_PRIORITY && viewer.role !== 'admin') throw new AppError('FORBIDDEN', { field: 'priority' })
  if (providerIds == null) return
  const visible = new Set((await listVisibleProviders(viewer)).map(({ id }) => id))
  if (!providerIds.every(id => visible.has(id))) throw new AppError('NOT_FOUND', { field: 'providerIds' })
}

async function withCounts(lines: readonly LineRecord[]): Promise<LineView[]> {
  const counts = await countLinePlaybacks(lines.map(({ id }) => id))
  return lines.map(line => toLineView(line, counts.get(line.id) ?? 0))
}

async function toNewView({ line, password }: MadeLine, asking: Asking): Promise<NewLineView> {
  const [view] = await withCounts([line])
  if (view === undefined) throw new AppError('NOT_FOUND')
  return { line: view, password, addresses: addressesOf(line, password, asking) }
}

function addressesOf({ username, formats }: LineRecord, password: string, { host }: Asking): LineAddresses {
  const origin = originOf(host, { origins: ownOrigins() })
  const output = formats.includes('ts') ? 'ts' : 'm3u8'
  const query = `username=${encodeURIComponent(username)}&password=${encodeURIComponent(password)}`
  const playlist = `${origin.href}/get.php?${query}&type=m3u_plus&output=${output}`
  const guide = guideAddress(origin, username, password)
  return { server: origin.href, playlist, guide, playlistQr: renderSVG(playlist), guideQr: renderSVG(guide) }
}
