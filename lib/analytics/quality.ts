import 'server-only'
import { requireAdmin } from '@/lib/accounts'
import type { Viewer } from '@/lib/accounts/schema'
import { AppError } from '@/lib/kernel/errors'
import { publish } from '@/lib/platform/bus'
import { browserFamily } from './browser-family'
import type { QualityFilter, QualityReport, QualityView } from './schema'
import { closeAlerts, listAlerts, openAlerts, readFigures, readGroups, writeReports } from './store'

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
  const [total, rows, alerts] = await Promise.all([readFigures(filter), readGroups(filter), listAlerts(filter.hours)])
  return { total, rows, alerts }
}

/** Looks for channels that are bad for everyone, and for those that are well again; tells of both. */
export async function watchQuality(): Promise<void> {
  const changed = [...(await openAlerts()), ...(await closeAlerts())]
  for (const itemId of changed) await publish('quality.alert', { itemId })
}
