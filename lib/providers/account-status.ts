import { AppError } from '@/lib/kernel/errors'
import { MINUTE } from '@/lib/kernel/time'
import { type Row, toDate, toFlag, toInt, toRow, toText, toTexts } from './coerce'
import type { AccountStatus } from './schema'
import { zoneOffsetMinutes } from './wall-clock'

const words: Record<string, AccountStatus['status']> = {
  active: 'active',
  trial: 'active',
  expired: 'expired',
  banned: 'banned',
  disabled: 'disabled',
}

/** The account payload of player_api.php as we keep it (protocols.md 1.2); every field may be missing or of another type. */
export function readAccountStatus(payload: Row, now = Date.now()): AccountStatus {
  const user = toRow(payload.user_info)
  const expiresAt = toDate(user.exp_date)
  const word = words[(toText(user.status) ?? '').toLowerCase()] ?? 'unknown'
  // Panels leave the word at Active for some minutes after the end.
  const status = expiresAt && expiresAt.getTime() < now && word !== 'banned' && word !== 'disabled' ? 'expired' : word
  const max = toInt(user.max_connections)
  return {
    status,
    expiresAt: expiresAt?.toISOString() ?? null,
    activeConnections: toInt(user.active_cons),
    // "0" is "no limit" on panels; re-servers emit it by mistake. Nothing may be counted by it.
    maxConnections: max !== null && max > 0 ? max : null,
    trial: toFlag(user.is_trial) || (toText(user.status) ?? '').toLowerCase() === 'trial',
    ...readClock(toRow(payload.server_info)),
    formats: toTexts(user.allowed_output_formats).map(format => format.toLowerCase()),
  }
}

/** Wall clock minus UTC in minutes, to the quarter hour: more trustworthy than the zone's name (protocols.md 1.2). */
function readClock(server: Row): Pick<AccountStatus, 'clockOffsetMinutes' | 'timezone'> {
  const wall = toDate(server.time_now)
  const epoch = toDate(server.timestamp_now)
  if (!wall || !epoch) return { clockOffsetMinutes: 0 }
  const minutes = Math.round((wall.getTime() - epoch.getTime()) / MINUTE / 15) * 15
  const clockOffsetMinutes = Math.abs(minutes) <= 14 * 60 ? minutes : 0
  const timezone = toText(server.timezone)
  // The name counts only where the clock bears it out: panels are moved, and their zones forgotten.
  const isTrue = timezone !== null && zoneOffsetMinutes(timezone, epoch) === clockOffsetMinutes
  return { clockOffsetMinutes, ...(isTrue ? { timezone } : {}) }
}

/** @throws PROVIDER_EXPIRED, PROVIDER_BANNED, PROVIDER_DISABLED for an account that cannot be used */
export function requireUsable(account: AccountStatus): void {
  if (account.status === 'expired') {
    const on = account.expiresAt ? ` on ${account.expiresAt.slice(0, 10)}` : ''
    throw new AppError('PROVIDER_EXPIRED', {
      say: `This subscription ran out at the provider${on}. Renew it there, then refresh.`,
    })
  }
  if (account.status === 'banned') throw new AppError('PROVIDER_BANNED')
  if (account.status === 'disabled') throw new AppError('PROVIDER_DISABLED')
}
