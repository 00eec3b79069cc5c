import 'server-only'
import { db } from '@/lib/platform/db'

export interface AuditEntry {
  accountId: string | null
  action: string
  subject: string
  address: string
  details?: Record<string, string | number | boolean>
}

/** Writes down who did what. Never holds credentials. */
export async function recordAudit(entry: AuditEntry): Promise<void> {
  await db().auditEvent.create({ data: { ...entry, details: entry.details ?? {} }, select: { id: true } })
}
