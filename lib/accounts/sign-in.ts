import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { clearLimit, countAgainst, uncount } from '@/lib/platform/limits'
import { recordAudit } from './audit'
import { verifyPassword } from './password'
import type { AccountView, SignInInput } from './schema'
import { createSession, type SignInOrigin } from './session-store'
import { getSignUpMode } from './settings'
import { createAccount, createLink, findAccountForSignIn, findLinkedAccount, toAccountView } from './store'

export interface SignedIn {
  account: AccountView
  sessionId: string
}

/**
 * Checks address and password and opens a session. Tries count against the client's address and against the account.
 * @throws SIGN_IN_REFUSED, ACCOUNT_DISABLED, TOO_MANY_REQUESTS
 */
export async function signIn(input: SignInInput, origin: SignInOrigin): Promise<SignedIn> {
  await countAgainst('signInByAddress', origin.address)
  await countAgainst('signInByAccount', input.email)
  const row = await findAccountForSignIn(input.email)
  const matches = await verifyPassword(row?.passwordHash ?? null, input.password)
  if (!row || !matches) {
    await recordAudit({ accountId: row?.id ?? null, action: 'sign-in.refused', subject: 'account', address: origin.address })
    throw new AppError('SIGN_IN_REFUSED')
  }
  if (row.disabledAt) throw new AppError('ACCOUNT_DISABLED')
  await clearLimit('signInByAccount', input.email)
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
 * Signs in somebody whom an OpenID Connect provider vouches for. An existing account is linked only when the provider
 * has verified the address; a new one is made only where sign-up is open.
 * @throws SIGN_UP_CLOSED, ACCOUNT_DISABLED
 */
export async function signInExternally(identity: ExternalIdentity, origin: SignInOrigin): Promise<SignedIn> {
  const linked = await findLinkedAccount(identity.issuer, identity.subject)
  if (linked?.disabledAt) throw new AppError('ACCOUNT_DISABLED')
  if (linked)
    return openSession(
      toAccountView({ id: linked.id, email: linked.email, name: linked.name, role: linked.role, createdAt: linked.createdAt }),
      origin,
    )
  const known = await findAccountForSignIn(identity.email)
  if (known?.disabledAt) throw new AppError('ACCOUNT_DISABLED')
  if (known && !identity.emailVerified)
    throw new AppError('SIGN_IN_REFUSED', {
      say: 'Your sign-in service has not verified this address, so it cannot open an existing account.',
    })
  if (!known && (await getSignUpMode()) !== 'open') throw new AppError('SIGN_UP_CLOSED')
  const account = known
    ? toAccountView({ id: known.id, email: known.email, name: known.name, role: known.role, createdAt: known.createdAt })
    : await createAccount({ email: identity.email, name: identity.name, role: 'viewer', passwordHash: null })
  await createLink(account.id, identity.issuer, identity.subject)
  return openSession(account, origin)
}

async function openSession(account: AccountView, origin: SignInOrigin): Promise<SignedIn> {
  const sessionId = await createSession(account.id, origin)
  await recordAudit({ accountId: account.id, action: 'sign-in', subject: 'account', address: origin.address })
  return { account, sessionId }
}
