import type { Context } from 'hono'
import { findLineFor, type LineRecord, requireUsable } from '@/lib/accounts'
import { AppError } from '@/lib/kernel/errors'
import type { GatewayEnv } from './app'
import { type Origin, originOf } from './origin'

export type GatewayContext = Context<GatewayEnv>

/** Who calls: set by the request guard from the socket, or from a trusted proxy's word. */
export interface Caller {
  address: string
  app: string
  hop: string | undefined
}

export function callerOf(context: GatewayContext): Caller {
  return {
    address: String(addressOf(context) ?? 'unknown'),
    // As much as is stored, so that what is compared later is the same.
    app: (context.req.header('user-agent') ?? '').slice(0, 200),
    hop: context.req.header('x-iptv-hop'),
  }
}

/**
 * Read where the guard wrote it. Hono's headers are those of the guard only until the body is read, and those that the caller has
 * sent from then on.
 */
function addressOf({ env, req }: GatewayContext): string | string[] | undefined {
  return env?.incoming === undefined ? req.header('x-client-address') : env.incoming.headers['x-client-address']
}

export const originFor = (context: GatewayContext, origins: readonly string[]): Origin =>
  originOf(context.req.header('host'), { origins })

/** The line behind a user name and password, which may be used here and now. @throws LINE_REFUSED, LINE_ENDED, LINE_NOT_HERE, TOO_MANY_REQUESTS */
export async function requireLine(
  context: GatewayContext,
  username: string | undefined,
  password: string | undefined,
): Promise<LineRecord> {
  const line = await findLine(context, username, password)
  await requireUsable(line, callerOf(context))
  return line
}

/** The same, ended ones included: the account answer tells their owner so. */
export async function findLine(
  context: GatewayContext,
  username: string | undefined,
  password: string | undefined,
): Promise<LineRecord> {
  if (!username || !password || username.length > 200 || password.length > 200) throw new AppError('LINE_REFUSED')
  return findLineFor(username, password, callerOf(context))
}
