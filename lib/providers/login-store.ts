import 'server-only'
import { AppError } from '@/lib/kernel/errors'
import { db } from '@/lib/platform/db'
import { rememberSecret } from '@/lib/platform/redact'
import { open, seal } from '@/lib/platform/secrets'
import { AccountStatus, LoginSecret } from './schema'

/** A further login of a provider, opened. For work at hand only. */
export interface OpenLogin extends LoginSecret {
  id: number
  account: AccountStatus | null
  errorCode: string | null
}

const place = (id: number) => ({ table: 'provider_login', column: 'secret', row: id })

/** In the order in which slots are counted through them. @throws SECRET_UNREADABLE */
export async function listOpenLogins(providerId: number): Promise<OpenLogin[]> {
  const rows = await db().providerLogin.findMany({
    where: { providerId },
    orderBy: { id: 'asc' },
    select: { id: true, secret: true, accountStatus: true, errorCode: true },
  })
  return rows.map(({ id, secret, accountStatus, errorCode }) => {
    const login = LoginSecret.parse(JSON.parse(open(secret, place(id))))
    rememberSecret(login.password)
    return { id, ...login, account: AccountStatus.nullable().catch(null).parse(accountStatus), errorCode }
  })
}

/** The row comes first because the seal is bound to its id. */
export async function insertLogin(providerId: number, login: LoginSecret, account: AccountStatus): Promise<number> {
  return db().$transaction(async tx => {
    const { id } = await tx.providerLogin.create({
      data: { providerId, secret: '', accountStatus: account, statusAt: new Date() },
      select: { id: true },
    })
    await tx.providerLogin.update({
      where: { id },
      data: { secret: seal(JSON.stringify(login), place(id)) },
      select: { id: true },
    })
    return id
  })
}

/** @throws NOT_FOUND */
export async function removeLoginRow(providerId: number, id: number): Promise<void> {
  const { count } = await db().providerLogin.deleteMany({ where: { id, providerId } })
  if (count === 0) throw new AppError('NOT_FOUND')
}

export async function noteLoginStatus(id: number, outcome: { account: AccountStatus } | { errorCode: string }): Promise<void> {
  const data =
    'account' in outcome
      ? { accountStatus: outcome.account, statusAt: new Date(), errorCode: null }
      : { errorCode: outcome.errorCode }
  await db().providerLogin.updateMany({ where: { id }, data })
}
