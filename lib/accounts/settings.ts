import 'server-only'
import { randomUUID } from 'node:crypto'
import { AppError } from '@/lib/kernel/errors'
import { db } from '@/lib/platform/db'
import { hashToken, newToken } from '@/lib/platform/secrets'
import { requireAdmin } from './can'
import { type InviteView, type Role, SignUpMode, type Viewer } from './schema'

const INVITE_DAYS = 14

export async function getSignUpMode(): Promise<SignUpMode> {
  const row = await db().setting.findUnique({ where: { key: 'signUpMode' }, select: { value: true } })
  return SignUpMode.catch('closed').parse(row?.value)
}

export async function updateSignUpMode(viewer: Viewer, mode: SignUpMode): Promise<void> {
  requireAdmin(viewer)
  await db().setting.upsert({ where: { key: 'signUpMode' }, create: { key: 'signUpMode', value: mode }, update: { value: mode } })
}

const inviteFields = { id: true, note: true, role: true, expiresAt: true, usedAt: true } as const

const toInviteView = (row: { id: string; note: string; role: Role; expiresAt: Date; usedAt: Date | null }): InviteView => ({
  id: row.id,
  note: row.note,
  role: row.role,
  expiresAt: row.expiresAt.toISOString(),
  used: row.usedAt !== null,
})

/** Makes an invitation. The token is in the answer only; what is stored is its hash. */
export async function createInvite(
  viewer: Viewer,
  input: { note: string; role: Role },
): Promise<{ invite: InviteView; token: string }> {
  requireAdmin(viewer)
  const token = newToken()
  const row = await db().invite.create({
    data: {
      id: randomUUID(),
      ...input,
      tokenHash: new Uint8Array(hashToken(token)),
      expiresAt: new Date(Date.now() + INVITE_DAYS * 86_400_000),
    },
    select: inviteFields,
  })
  return { invite: toInviteView(row), token }
}

export async function listInvites(viewer: Viewer): Promise<InviteView[]> {
  requireAdmin(viewer)
  const rows = await db().invite.findMany({ orderBy: { createdAt: 'desc' }, select: inviteFields, take: 200 })
  return rows.map(toInviteView)
}

export async function deleteInvite(viewer: Viewer, id: string): Promise<void> {
  requireAdmin(viewer)
  const { count } = await db().invite.deleteMany({ where: { id } })
  if (count === 0) throw new AppError('NOT_FOUND')
}
