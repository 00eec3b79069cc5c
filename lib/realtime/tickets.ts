import 'server-only'
import { findViewer } from '@/lib/accounts'
import type { Viewer } from '@/lib/accounts/schema'
import { hashToken, newToken } from '@/lib/platform/secrets'
import { REALTIME_PATH, type TicketView } from './schema'
import { insertTicket, takeTicket } from './ticket-store'

const TICKET_SECONDS = 30

/** A right to connect once, bound to the account, the profile and the sign-in that asked for it. */
export async function issueTicket(viewer: Viewer): Promise<TicketView> {
  const ticket = newToken()
  await insertTicket(Uint8Array.from(hashToken(ticket)), viewer, TICKET_SECONDS)
  return { ticket, expiresIn: TICKET_SECONDS, path: REALTIME_PATH }
}

/** Whose ticket it is, once; null when it is not good, or the sign-in behind it has ended or uses another profile by now. */
export async function redeemTicket(ticket: string): Promise<Viewer | null> {
  const owner = await takeTicket(hashToken(ticket))
  if (owner === null) return null
  const viewer = await findViewer(owner.sessionId)
  return viewer?.accountId === owner.accountId && viewer.profileId === owner.profileId ? viewer : null
}
