import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { publish } from '@/lib/platform/bus'
import { recordAudit } from './audit'
import { requireAdmin } from './can'
import { changePerson, listPersonRows, type PersonRow } from './people-store'
import type { PeoplePage, PersonChange, PersonView, Viewer } from './schema'

const PAGE = 100

function toPerson({ sessions, createdAt, disabledAt, accessEndsAt, ...row }: PersonRow, viewer: Viewer): PersonView {
  return {
    ...row,
    createdAt: createdAt.toISOString(),
    disabledAt: disabledAt?.toISOString() ?? null,
    accessEndsAt: accessEndsAt?.toISOString() ?? null,
    lastSeenAt: sessions[0]?.lastSeenAt.toISOString() ?? null,
    you: row.id === viewer.accountId,
  }
}

/** All accounts, the oldest first, a page at a time. @throws FORBIDDEN */
export async function listPeople(viewer: Viewer, after?: string): Promise<PeoplePage> {
  requireAdmin(viewer)
  const rows = await listPersonRows(PAGE + 1, after)
  const people = rows.slice(0, PAGE).map(row => toPerson(row, viewer))
  return { people, next: rows.length > PAGE ? (people.at(-1)?.id ?? null) : null }
}

/**
 * Switches an account off or on, or says how long it may watch (what it plays then stops within seconds), and how high a picture: that
 * holds for what it plays next.
 * @throws FORBIDDEN, NOT_FOUND, CONFLICT for one's own account: nobody shall lock themselves out
 */
export async function updatePerson(viewer: Viewer, id: string, asked: { change: PersonChange; address: string }): Promise<void> {
  requireAdmin(viewer)
  const { change, address } = asked
  if (id === viewer.accountId) {
    throw new AppError('CONFLICT', { say: 'This is your own account. Another administrator can change this for you.' })
  }
  if (!(await changePerson(id, change))) throw new AppError('NOT_FOUND')
  const details = { account: id, ...withoutUndefined(change) }
  await recordAudit({ accountId: viewer.accountId, action: 'account.changed', subject: 'account', address, details })
  await publish(change.disabled === true ? 'account.disabled' : 'account.changed', { accountId: id })
}

function withoutUndefined({ disabled, accessEndsAt, maxHeight }: PersonChange): Record<string, string | number | boolean> {
  return {
    ...(disabled === undefined ? {} : { disabled }),
    ...(accessEndsAt === undefined ? {} : { accessEndsAt: accessEndsAt ?? 'never' }),
    ...(maxHeight === undefined ? {} : { maxHeight: maxHeight ?? 'any' }),
  }
}
