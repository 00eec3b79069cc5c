import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { type Database, databaseErrorCode, db } from '@/lib/platform/db'
import type { AccountView, Role } from './schema'

const accountFields = { id: true, email: true, name: true, role: true, createdAt: true } as const

interface AccountRow {
  id: string
  email: string
  name: string
  role: Role
  createdAt: Date
}

export const toAccountView = (row: AccountRow): AccountView => ({ ...row, createdAt: row.createdAt.toISOString() })

export const countAccounts = (): Promise<number> => db().account.count()

export const findAccountForSignIn = (email: string) =>
  db().account.findUnique({ where: { email }, select: { ...accountFields, disabledAt: true, passwordHash: true } })

export const findAccount = (id: string) => db().account.findUnique({ where: { id }, select: accountFields })

export async function findPasswordHash(accountId: string): Promise<string | null> {
  const row = await db().account.findUnique({ where: { id: accountId }, select: { passwordHash: true } })
  return row?.passwordHash ?? null
}

export interface NewAccount {
  email: string
  name: string
  role: Role
  passwordHash: string | null
}

type Transaction = Parameters<Parameters<Database['$transaction']>[0]>[0]

// The first profile is made in the same statement: an account without a profile could not watch anything.
async function insertAccount(client: Transaction | Database, account: NewAccount): Promise<AccountView> {
  try {
    const row = await client.account.create({
      data: { ...account, profiles: { create: { name: account.name.split(' ')[0]?.slice(0, 40) || 'Me' } } },
      select: accountFields,
    })
    return toAccountView(row)
  } catch (cause) {
    if (databaseErrorCode(cause) === 'P2002') throw new AppError('EMAIL_TAKEN', { field: 'email', cause })
    throw cause
  }
}

export const createAccount = (account: NewAccount): Promise<AccountView> => insertAccount(db(), account)

/** Creates the first account; the lock makes two people who set up at the same moment one admin, not two. */
export async function createFirstAccount(account: NewAccount): Promise<AccountView> {
  return db().$transaction(async client => {
    await client.$executeRaw`LOCK TABLE account IN EXCLUSIVE MODE`
    if ((await client.account.count()) > 0) throw new AppError('ALREADY_SET_UP')
    return insertAccount(client, account)
  })
}

/** Creates an account and uses up the invitation together. @throws INVITE_INVALID */
export async function createInvitedAccount(account: Omit<NewAccount, 'role'>, tokenHash: Buffer): Promise<AccountView> {
  return db().$transaction(async client => {
    const where = { tokenHash: new Uint8Array(tokenHash), usedAt: null, expiresAt: { gt: new Date() } }
    const invite = await client.invite.findFirst({ where, select: { id: true, role: true } })
    if (!invite) throw new AppError('INVITE_INVALID', { field: 'invite' })
    const used = await client.invite.updateMany({ where: { id: invite.id, usedAt: null }, data: { usedAt: new Date() } })
    if (used.count !== 1) throw new AppError('INVITE_INVALID', { field: 'invite' })
    return insertAccount(client, { ...account, role: invite.role })
  })
}

/** Sets the password; reset links that are still open end with it. */
export async function updatePassword(accountId: string, passwordHash: string): Promise<void> {
  await db().$transaction([
    db().account.update({ where: { id: accountId }, data: { passwordHash }, select: { id: true } }),
    db().passwordReset.updateMany({ where: { accountId, usedAt: null }, data: { usedAt: new Date() } }),
  ])
}

export async function createReset(accountId: string, tokenHash: Buffer, expiresAt: Date): Promise<void> {
  await db().passwordReset.create({ data: { accountId, tokenHash: new Uint8Array(tokenHash), expiresAt }, select: { id: true } })
}

/** Uses up a reset token; the id of its account, or null when it is unknown, used or has run out. */
export async function takeReset(tokenHash: Buffer): Promise<string | null> {
  const where = { tokenHash: new Uint8Array(tokenHash), usedAt: null, expiresAt: { gt: new Date() } }
  const reset = await db().passwordReset.findFirst({ where, select: { id: true, accountId: true } })
  if (!reset) return null
  const { count } = await db().passwordReset.updateMany({ where: { id: reset.id, usedAt: null }, data: { usedAt: new Date() } })
  return count === 1 ? reset.accountId : null
}

/** The account behind a sign-in at an OpenID Connect provider, null when it is new here. */
export async function findLinkedAccount(issuer: string, subject: string) {
  const link = await db().accountLink.findUnique({
    where: { issuer_subject: { issuer, subject } },
    select: { account: { select: { ...accountFields, disabledAt: true } } },
  })
  return link?.account ?? null
}

/** Creates an account together with the sign-in that it belongs to. */
export async function createLinkedAccount(account: NewAccount, link: { issuer: string; subject: string }): Promise<AccountView> {
  return db().$transaction(async client => {
    const made = await insertAccount(client, account)
    await client.accountLink.create({ data: { accountId: made.id, ...link }, select: { subject: true } })
    return made
  })
}
