import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { isUuid } from '@/lib/kernel/ids'
import { publish } from '@/lib/platform/bus'
import { countAgainst } from '@/lib/platform/limits'
import { enqueue } from '@/lib/platform/queue'
import { hashToken } from '@/lib/platform/secrets'
import { recordAudit } from './audit'
import { resetMailJob } from './jobs'
import { hashPassword, verifyPassword } from './password'
import type { AccountView, SetupInput, SignUpInput, Viewer } from './schema'
import { revokeSession, revokeSessions } from './session-store'
import { getSignUpMode } from './settings'
import {
  countAccounts,
  createAccount,
  createFirstAccount,
  createInvitedAccount,
  findPasswordHash,
  takeReset,
  updatePassword,
} from './store'

export const isSetUp = async (): Promise<boolean> => (await countAccounts()) > 0

/** Makes the first account, an admin. @throws ALREADY_SET_UP */
export async function setUp(input: SetupInput): Promise<AccountView> {
  return createFirstAccount({
    email: input.email,
    name: input.name,
    role: 'admin',
    passwordHash: await hashPassword(input.password),
  })
}

/** @throws SIGN_UP_CLOSED, INVITE_INVALID, EMAIL_TAKEN, TOO_MANY_REQUESTS */
export async function signUp(input: SignUpInput, address: string): Promise<AccountView> {
  await countAgainst('signUp', address)
  const mode = await getSignUpMode()
  const account = { email: input.email, name: input.name, passwordHash: await hashPassword(input.password) }
  if (input.invite) return createInvitedAccount(account, hashToken(input.invite))
  if (mode !== 'open') throw new AppError('SIGN_UP_CLOSED')
  return createAccount({ ...account, role: 'viewer' })
}

/** Changes the password and signs out every other device. @throws PASSWORD_WRONG */
export async function changePassword(viewer: Viewer, input: { current: string; next: string }): Promise<void> {
  await requirePassword(viewer, await findPasswordHash(viewer.accountId), { password: input.current, field: 'current' })
  await updatePassword(viewer.accountId, await hashPassword(input.next))
  await endSessions(viewer.accountId, { except: viewer.sessionId })
}

/** Whoever holds the remote need not be who owns the account. One without a password is let through. @throws PASSWORD_WRONG */
export async function requireOwner(viewer: Viewer, password: string): Promise<void> {
  const hash = await findPasswordHash(viewer.accountId)
  if (hash !== null) await requirePassword(viewer, hash, { password, field: 'password' })
}

async function requirePassword(
  viewer: Viewer,
  hash: string | null,
  { password, field }: { password: string; field: string },
): Promise<void> {
  await countAgainst('signInByAccount', viewer.accountId)
  if (!(await verifyPassword(hash, password))) throw new AppError('PASSWORD_WRONG', { field })
}

/** Takes the wish for a reset link. What follows happens in a job, so that the answer tells nothing about the account. */
export async function requestReset(email: string, address: string): Promise<void> {
  await countAgainst('passwordReset', address)
  await countAgainst('passwordReset', email)
  await enqueue(resetMailJob, { email })
}

/** Sets a new password with a reset token and signs out every device. @throws RESET_INVALID */
export async function resetPassword(input: { token: string; password: string }, address: string): Promise<void> {
  await countAgainst('passwordReset', address)
  const accountId = await takeReset(hashToken(input.token))
  if (!accountId) throw new AppError('RESET_INVALID')
  await updatePassword(accountId, await hashPassword(input.password))
  await recordAudit({ accountId, action: 'password.reset', subject: 'account', address })
  await endSessions(accountId, {})
}

/** Ends the session that somebody signs out of. One that has ended already is fine. */
export async function endSession(sessionId: string): Promise<void> {
  if (isUuid(sessionId) && (await revokeSession(sessionId))) await publish('session.revoked', { sessionId })
}

/** Ends sessions and tells every process, so that running streams stop too. @throws NOT_FOUND when the named session is not there */
export async function endSessions(accountId: string, which: { id?: string; except?: string }): Promise<void> {
  const ended = await revokeSessions(accountId, which)
  if (which.id && ended.length === 0) throw new AppError('NOT_FOUND')
  for (const sessionId of ended) await publish('session.revoked', { sessionId })
}
