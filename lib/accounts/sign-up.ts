import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { publish } from '@/lib/platform/bus'
import { countAgainst } from '@/lib/platform/limits'
import { log } from '@/lib/platform/log'
import { mailConfigured, sendMail } from '@/lib/platform/mail'
import { hashToken, newToken } from '@/lib/platform/secrets'
import { recordAudit } from './audit'
import { hashPassword, verifyPassword } from './password'
import type { AccountView, SetupInput, SignUpInput, Viewer } from './schema'
import { revokeSessions } from './session-store'
import { getSignUpMode } from './settings'
import {
  countAccounts,
  createAccount,
  createFirstAccount,
  createInvitedAccount,
  createReset,
  findAccountForSignIn,
  findPasswordHash,
  takeReset,
  updatePassword,
} from './store'

const RESET_MINUTES = 60

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
  await countAgainst('signInByAccount', viewer.accountId)
  if (!(await verifyPassword(await findPasswordHash(viewer.accountId), input.current))) {
    throw new AppError('PASSWORD_WRONG', { field: 'current' })
  }
  await updatePassword(viewer.accountId, await hashPassword(input.next))
  await endSessions(viewer.accountId, { except: viewer.sessionId })
}

/** Mails a reset link. Says nothing about whether the account exists. */
export async function requestReset(email: string, address: string, publicUrl: string): Promise<void> {
  await countAgainst('passwordReset', address)
  await countAgainst('passwordReset', email)
  const account = await findAccountForSignIn(email)
  if (!account || account.disabledAt) return
  if (!mailConfigured()) {
    log().warn('a password reset was asked for, but SMTP_URL is not set; `npm run password-link -- ADDRESS` makes a link')
    return
  }
  const token = newToken()
  await createReset(account.id, hashToken(token), new Date(Date.now() + RESET_MINUTES * 60_000))
  const link = `${publicUrl}/reset#${token}`
  const text = `Hello ${account.name},\n\nyou can choose a new password here within the next hour:\n\n${link}\n\nIf you did not ask for this, nothing changes.\n`
  await sendMail({ to: email, subject: 'A new password for WatchTheFlix', text })
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

/** Ends sessions and tells every process, so that running streams stop too. @throws NOT_FOUND when the named session is not there */
export async function endSessions(accountId: string, which: { id?: string; except?: string }): Promise<void> {
  const ended = await revokeSessions(accountId, which)
  if (which.id && ended.length === 0) throw new AppError('NOT_FOUND')
  for (const sessionId of ended) await publish('session.revoked', { sessionId })
}
