import 'server-only'
import { AppError, type ErrorCode, toAppError } from '@/lib/kernel/errors'
import { requireUsable } from './account-status'
import { policies } from './client'
import { type PlaylistOrigin, readPlaylist } from './playlist'
import type { AccountStatus } from './schema'
import { type Reach, signInAt, type XtreamLogin } from './xtream'

/** Which field of the form is at fault for a code; what is not listed is the address's. */
const accountCodes: Partial<Record<ErrorCode, string>> = {
  PROVIDER_REFUSED: 'password',
  PROVIDER_EXPIRED: 'username',
  PROVIDER_BANNED: 'username',
  PROVIDER_DISABLED: 'username',
}

/** Faults that no field of the form can mend. */
const nobodysField: readonly ErrorCode[] = [
  'PROVIDER_BUSY',
  'PROVIDER_DOWN',
  'PROVIDER_BLOCKS_US',
  'PROVIDER_CIRCUIT_OPEN',
  'PROVIDER_LIMIT',
  'UNEXPECTED',
]

/**
 * Signs in before anything is saved, so that a wrong address, a refused password, an ended subscription and a server that
 * is down are told apart while the form is still open. `field` names the input at fault.
 */
export async function checkXtream(login: XtreamLogin): Promise<AccountStatus> {
  const host = new URL(login.base).host
  try {
    const account = await signInAt(login, { policy: policies.check })
    requireUsable(account)
    return account
  } catch (error) {
    throw explain(error, host, 'address')
  }
}

/** Reads the beginning of a playlist. Returns the guide addresses its header names. */
export async function checkPlaylist(origin: PlaylistOrigin, reach: Reach): Promise<string[]> {
  const field = 'url' in origin ? 'playlistUrl' : 'playlistText'
  try {
    // Panels build a playlist for a minute before its first byte; that is longer than a check of a login may take.
    const policy = { ...policies.check, headersMs: 45_000, totalMs: 60_000, maxBytes: policies.list.maxBytes }
    for await (const batch of readPlaylist(origin, { ...reach, known: false, policy })) {
      if (batch.entries.length > 0) return batch.header.guideUrls
    }
  } catch (error) {
    throw explain(error, 'url' in origin ? new URL(origin.url).host : '', field)
  }
  throw new AppError('PLAYLIST_INVALID', { field, say: 'This playlist has no channel that we can play.' })
}

function explain(error: unknown, host: string, addressField: string): AppError {
  const found = toAppError(error)
  if (found.code === 'UNEXPECTED') return found
  const field = nobodysField.includes(found.code) ? undefined : (accountCodes[found.code] ?? addressField)
  const say = sentence(found, host)
  return new AppError(found.code, {
    message: found.message,
    say,
    cause: error,
    ...(field ? { field } : {}),
    ...(found.retryAfter === undefined ? {} : { retryAfter: found.retryAfter }),
  })
}

function sentence(found: AppError, host: string): string {
  switch (found.code) {
    case 'PROVIDER_REFUSED':
      return found.message === '404 page of a panel'
        ? found.say
        : `The user name or the password was refused by ${host}. Check both and try again.`
    case 'UPSTREAM_DNS':
      return `There is no server called ${host}. Check the address for typing slips.`
    case 'UPSTREAM_UNREACHABLE':
    case 'UPSTREAM_TIMEOUT':
      return `${host} does not answer. Check the address and the port; the server may also be down.`
    case 'PROVIDER_NOT_XTREAM':
      return `There is a server at ${host}, but it does not speak Xtream. Check the address and the port.`
    default:
      return found.say
  }
}
