import 'server-only'
import { playbackKeyring } from './keys'
import type { SessionPlan } from './session-plans'
import { signToken, type TokenKind } from './tokens'

/** Seconds an address stays good. The session behind it is checked all the time, so this only bounds forgotten links. */
const TOKEN_SECONDS = 12 * 3_600

/** The address under which this session's stream is found: a path on our own server. */
export function addressFor(
  plan: Pick<SessionPlan, 'record'>,
  target: { kind: TokenKind; sourceId: number; name?: string },
): string {
  const issuedAt = Math.floor(Date.now() / 1_000)
  const { id: sessionId, profileId, itemId } = plan.record
  const { kind, sourceId } = target
  const token = signToken(playbackKeyring, {
    sessionId,
    profileId,
    itemId,
    sourceId,
    kind,
    issuedAt,
    expiresAt: issuedAt + TOKEN_SECONDS,
  })
  return `/stream/${kind}/${token}/${target.name ?? 'index.m3u8'}`
}
