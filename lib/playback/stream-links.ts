import 'server-only'
import { playbackKeyring } from './keys'
import { fileNameOf } from './media-types'
import type { SessionPlan } from './session-plans'
import { signToken, type TokenKind } from './tokens'

/** Mode of a session that replays a channel's archive in our own pages. */
export const CATCH_UP = 'catch-up'

/** Mode of a session that was opened before its viewer asked for it. */
export const AHEAD = 'ahead'

/** Seconds an address stays good. The session behind it is checked all the time, so this only bounds forgotten links. */
const TOKEN_SECONDS = 12 * 3_600

/** The last hour of an address, in which the next one is handed out. */
const RENEWAL_SECONDS = 3_600

/**
 * When the address that is good now was issued, in Unix seconds; null while it is the one the session began with. Follows
 * from the beginning alone, so that every process and every touch names the same address and a lost answer costs nothing.
 */
export function renewedAt(startedAt: Date, now: Date): number | null {
  const begun = Math.floor(startedAt.getTime() / 1_000)
  const period = TOKEN_SECONDS - RENEWAL_SECONDS
  const renewals = Math.floor((now.getTime() / 1_000 - begun) / period)
  return renewals < 1 ? null : begun + renewals * period
}

/** The address under which this session's stream is found: a path on our own server. */
export function addressFor(
  plan: Pick<SessionPlan, 'record'>,
  target: { kind: TokenKind; sourceId: number; name?: string; issuedAt?: number },
): string {
  const issuedAt = target.issuedAt ?? Math.floor(Date.now() / 1_000)
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
  // Our own pages and other apps have doors of their own: only the second one answers other sites.
  const door = plan.record.lineId === null ? 'stream' : 'hls'
  return `/${door}/${kind}/${token}/${target.name ?? 'index.m3u8'}`
}

/** Ways in which a film is cut into segments here. */
const filmModes: ReadonlySet<string> = new Set(['remux', 'audio', 'transcode', 'ladder'])
const isFilm = (kind: string) => kind === 'movie' || kind === 'episode'

/** The address of the source this session was opened with; issued now unless told otherwise. */
export function urlOf({ record, sources }: Pick<SessionPlan, 'record' | 'sources'>, issuedAt?: number): string {
  const { mode, sourceId } = record
  const when = issuedAt === undefined ? {} : { issuedAt }
  if (mode === CATCH_UP) return addressFor({ record }, { kind: 'catch-up', sourceId, ...when })
  const source = sources.find(({ id }) => id === sourceId)
  if (source !== undefined && isFilm(source.kind) && filmModes.has(mode))
    return addressFor({ record }, { kind: 'film', sourceId, ...when })
  if (mode !== 'file') return addressFor({ record }, { kind: mode === 'hls-proxy' ? 'hls' : 'live', sourceId, ...when })
  return addressFor({ record }, { kind: 'file', sourceId, name: fileNameOf({ container: source?.container ?? null }), ...when })
}
