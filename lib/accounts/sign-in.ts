import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { clearLimit, countAgainst, uncount } from '@/lib/platform/limits'
import { recordAudit } from './audit'
import { verifyPassword } from './password'
import type { AccountView, SignInInput } from './schema'
import { createSession, isKnownAddress, type SignInOrigin } from './session-store'
import { getSignUpMode } from './settings'
import { createLinkedAccount, findAccountForSignIn, findLinkedAccount, toAccountView } from './store'

export interface SignedIn {
  account: AccountView
  sessionId: string
}

/**
 * Checks address and password and opens a session. Tries count against the client's address, against the pair of account
 * and address, and, from addresses the account has never been used at, against the account: a stranger's guessing must
 * not lock out its owner at home (reliability.md B19).
 * @throws SIGN_IN_REFUSED, ACCOUNT_DISABLED, TOO_MANY_REQUESTS
 */
export async function signIn(input: SignInInput, origin: SignInOrigin): Promise<SignedIn> {
  await countAgainst('signInByAddress', origin.address)
  await countAgainst('signInByAccount', `${input.email}|${origin.address}`)
  if (!(await isKnownAddress(input.email, origin.address))) await countAgainst('signInByEmail', input.email)
  const row = await findAccountForSignIn(input.email)
  const matches = await verifyPassword(row?.passwordHash ?? null, input.password)
  if (!row || !matches) {
    await recordAudit({ accountId: row?.id ?? null, action: 'sign-in.refused', subject: 'account', address: origin.address })
    throw new AppError('SIGN_IN_REFUSED')
  }
  if (row.disabledAt) throw new AppError('ACCOUNT_DISABLED')
  await clearLimit('signInByAccount', `${input.email}|${origin.address}`)
  await uncount('signInByAddress', origin.address)
  return openSession(
    toAccountView({ id: row.id, email: row.email, name: row.name, role: row.role, createdAt: row.createdAt }),
    origin,
  )
}

export interface ExternalIdentity {
  issuer: string
  subject: string
  email: string
  emailVerified: boolean
  name: string
}

/**
 * Signs in somebody whom an OpenID Connect provider vouches for. A new account is made only where sign-up is open. An
 * existing one is never linked by its address alone: nobody has proved here that the address belongs to whoever signed up.
 * @throws SIGN_UP_CLOSED, ACCOUNT_DISABLED, SIGN_IN_REFUSED
 */
export async function signInExternally(identity: ExternalIdentity, origin: SignInOrigin): Promise<SignedIn> {
  const link = { issuer: identity.issuer, subject: identity.subject }
  const linked = await findLinkedAccount(link.issuer, link.subject)
  if (linked?.disabledAt) throw new AppError('ACCOUNT_DISABLED')
  if (linked) {
    const { id, email, name, role, createdAt } = linked
    return openSession(toAccountView({ id, email, name, role, createdAt }), origin)
  }
  if (!identity.emailVerified) throw new AppError('SIGN_IN_REFUSED')
  if (await findAccountForSignIn(identity.email)) throw new AppError('EMAIL_TAKEN')
  if ((await getSignUpMode()) !== 'open') throw new AppError('SIGN_UP_CLOSED')
  const account = { email: identity.email, name: identity.name, role: 'viewer' as const, passwordHash: null }
  return openSession(await createLinkedAccount(account, link), origin)
}

async function openSession(account: AccountView, origin: SignInOrigin): Promise<SignedIn> {
  const sessionId = await createSession(account.id, origin)
  await recordAudit({ accountId: account.id, action: 'sign-in', subject: 'account', address: origin.address })
  return { account, sessionId }
}
