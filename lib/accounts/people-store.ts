import 'server-only'
import { db } from '@/lib/platform/db'
import type { PersonChange, Role } from './schema'

const fields = {
  id: true,
  email: true,
  name: true,
  role: true,
  createdAt: true,
  disabledAt: true,
  accessEndsAt: true,
  maxHeight: true,
  sessions: { select: { lastSeenAt: true }, orderBy: { lastSeenAt: 'desc' }, take: 1 },
} as const

const orderBy = [{ createdAt: 'asc' as const }, { id: 'asc' as const }]

export interface PersonRow {
  id: string
  email: string
  name: string
  role: Role
  createdAt: Date
  disabledAt: Date | null
  accessEndsAt: Date | null
  maxHeight: number | null
  sessions: { lastSeenAt: Date }[]
}

export function listPersonRows(take: number, after?: string): Promise<PersonRow[]> {
  if (after === undefined) return db().account.findMany({ take, orderBy, select: fields })
  return db().account.findMany({ take, orderBy, select: fields, cursor: { id: after }, skip: 1 })
}

/** False when there is no such account. */
export async function changePerson(id: string, { disabled, accessEndsAt, maxHeight }: PersonChange): Promise<boolean> {
  const data = {
    ...(disabled === undefined ? {} : { disabledAt: disabled ? new Date() : null }),
    ...(accessEndsAt === undefined ? {} : { accessEndsAt: accessEndsAt === null ? null : new Date(accessEndsAt) }),
    ...(maxHeight === undefined ? {} : { maxHeight }),
  }
  const { count } = await db().account.updateMany({ where: { id }, data })
  return count === 1
}
