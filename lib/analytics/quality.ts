import 'server-only'
import { requireAdmin } from '@/lib/accounts'
import type { Viewer } from '@/lib/accounts/schema'
import { AppError } from '@/lib/kernel/errors'
import { publish } from '@/lib/platform/bus'
import { closeAlerts, listAlerts, openAlerts } from './alert-store'
import { browserFamily } from './browser-family'
import { findItemName, readDetail, readFigures, readGroups } from './figures-store'
import type { QualityDetail, QualityFilter, QualityReport, QualityView } from './schema'
import { writeReports } from './store'

/** What only apps of others tell. */
const own = { app: null, appSession: null, throughput: null }

/** Keeps what a player tells of the viewer's own sessions. @throws NOT_FOUND when none of them is his */
export async function recordQuality(viewer: Viewer, reports: readonly QualityReport[], userAgent: string): Promise<void> {
  const { accountId, profileId } = viewer
  const browser = browserFamily(userAgent)
  const kept = await writeReports(reports.map(report => ({ ...report, ...own, accountId, profileId, browser })))
  if (kept === 0) throw new AppError('NOT_FOUND')
}

/** How everything has played in the last hours. @throws FORBIDDEN */
export async function readQuality(viewer: Viewer, filter: QualityFilter): Promise<QualityView> {
  requireAdmin(viewer)
  const { item: asked } = filter
  const [item, total, rows, alerts] = await Promise.all([
    asked === undefined ? null : findItemName(asked),
    readFigures(filter),
    readGroups(filter),
    listAlerts(filter.hours),
  ])
  return { item, total, rows, alerts }
}

/** What stands behind one row of it. @throws FORBIDDEN */
export async function readQualityDetail(viewer: Viewer, filter: QualityFilter, key: string): Promise<QualityDetail> {
  requireAdmin(viewer)
  return readDetail(filter, key)
}

/** Looks for channels that are bad for everyone, and for those that are well again; tells of both. */
export async function watchQuality(): Promise<void> {
  const changed = [...(await openAlerts()), ...(await closeAlerts())]
  for (const itemId of changed) await publish('quality.alert', { itemId })
}
