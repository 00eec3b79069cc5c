import { AppError, type ErrorCode } from '@/lib/kernel/errors'
import { type Row, toFlag, toRow, toText } from './coerce'
import { parseJsonBody } from './json-rows'

/** What came back, as far as it matters for telling good from bad. */
export interface Answer {
  status: number
  /** Retry-After in seconds, null when absent. */
  retryAfter: number | null
  body: Buffer
}

/** Seconds of a Retry-After header, number or date; null when absent, at most an hour. */
export function parseRetryAfter(value: string | undefined, now = Date.now()): number | null {
  if (value === undefined || value.trim() === '') return null
  const seconds = /^\d+$/.test(value.trim()) ? Number(value) : (Date.parse(value) - now) / 1_000
  return Number.isFinite(seconds) ? Math.min(3_600, Math.max(1, Math.ceil(seconds))) : null
}

/**
 * The code a foreign status stands for, null for 2xx (protocols.md 1.3, 8). `known` = this login has worked before, so
 * the address is right and an odd answer is the server's fault, not the address's.
 *
 * | status                | code                                                                   |
 * |-----------------------|------------------------------------------------------------------------|
 * | 401, 454              | PROVIDER_REFUSED                                                       |
 * | 403, 444, 884         | PROVIDER_BLOCKS_US (firewall, flood block, route switched off)         |
 * | 429, 503              | PROVIDER_BUSY                                                          |
 * | 456, 458, 509         | PROVIDER_LIMIT                                                         |
 * | 504                   | UPSTREAM_TIMEOUT (a door in front of the server lost patience)         |
 * | 500 and above         | PROVIDER_DOWN (CDN codes 520-530 included)                             |
 * | everything else       | PROVIDER_BAD_RESPONSE when known, else PROVIDER_NOT_XTREAM             |
 */
export function codeOfStatus(status: number, known: boolean): ErrorCode | null {
  if (status >= 200 && status < 300) return null
  if (status === 401 || status === 454) return 'PROVIDER_REFUSED'
  if (status === 403 || status === 444 || status === 884) return 'PROVIDER_BLOCKS_US'
  if (status === 429 || status === 503) return 'PROVIDER_BUSY'
  if (status === 456 || status === 458 || status === 509) return 'PROVIDER_LIMIT'
  if (status === 504) return 'UPSTREAM_TIMEOUT'
  if (status >= 500) return 'PROVIDER_DOWN'
  return known ? 'PROVIDER_BAD_RESPONSE' : 'PROVIDER_NOT_XTREAM'
}

/** The error of a status; null for 2xx. */
export function errorOfStatus(answer: Pick<Answer, 'status' | 'retryAfter'>, known: boolean): AppError | null {
  const code = codeOfStatus(answer.status, known)
  if (code === null) return null
  const retryAfter = answer.retryAfter ?? (code === 'PROVIDER_BUSY' ? 5 : null)
  return new AppError(code, { message: `provider status ${answer.status}`, ...(retryAfter === null ? {} : { retryAfter }) })
}

/** XUI panels answer a wrong password with this page and 404; a plain nginx that hides its version looks the same. */
const panelPage = /<center>\s*<h1>404 Not Found<\/h1>\s*<\/center>[\s\S]*<hr>\s*<center>nginx<\/center>/i
const blockedWords = /^\s*(blocked|forbidden|access denied|banned)\b/i

/**
 * What a login call (player_api.php without action) says. Returns the account payload of a login that was accepted.
 *
 * | answer                                          | known login            | new login            |
 * |-------------------------------------------------|------------------------|----------------------|
 * | 2xx, `user_info.auth` true                      | payload                | payload              |
 * | 2xx, `user_info` with auth 0 or none            | PROVIDER_REFUSED       | PROVIDER_REFUSED     |
 * | 2xx, `user_info` null, or an empty body         | PROVIDER_BAD_RESPONSE  | PROVIDER_BAD_RESPONSE|
 * | 2xx, JSON without `user_info`                   | PROVIDER_BAD_RESPONSE  | PROVIDER_NOT_XTREAM  |
 * | 2xx, text `blocked`, `forbidden`                | PROVIDER_BLOCKS_US     | PROVIDER_BLOCKS_US   |
 * | 2xx, a web page                                 | PROVIDER_BAD_RESPONSE  | PROVIDER_NOT_XTREAM  |
 * | 404 with the page of XUI panels                 | PROVIDER_REFUSED       | PROVIDER_REFUSED, with both readings in the sentence |
 * | 404 with anything else                          | PROVIDER_BAD_RESPONSE  | PROVIDER_NOT_XTREAM  |
 * | every other status                              | `codeOfStatus`         | `codeOfStatus`       |
 *
 * One 403, 404 or 503 never proves a wrong password, which is why 403 is not PROVIDER_REFUSED.
 */
export function judgeLogin(answer: Answer, known: boolean): Row {
  const text = answer.body.toString('latin1', 0, 4_096)
  if (answer.status === 404 && panelPage.test(text)) {
    throw new AppError('PROVIDER_REFUSED', {
      message: '404 page of a panel',
      ...(known
        ? {}
        : { say: 'The server does not know this login. Check the user name and the password, then the address and the port.' }),
    })
  }
  const failure = errorOfStatus(answer, known)
  if (failure) throw failure
  if (text.trim() === '') throw new AppError('PROVIDER_BAD_RESPONSE', { message: 'empty answer to a login' })
  if (blockedWords.test(text)) throw new AppError('PROVIDER_BLOCKS_US', { message: 'text answer' })
  return judgePayload(answer.body, known)
}

function judgePayload(body: Buffer, known: boolean): Row {
  const strange = new AppError(known ? 'PROVIDER_BAD_RESPONSE' : 'PROVIDER_NOT_XTREAM', { message: 'no account in the answer' })
  let payload: Row
  try {
    payload = toRow(parseJsonBody(body))
  } catch {
    throw strange
  }
  if (!Object.hasOwn(payload, 'user_info')) throw strange
  const user = toRow(payload.user_info)
  if (payload.user_info === null || Object.keys(user).length === 0) {
    throw new AppError('PROVIDER_BAD_RESPONSE', { message: 'user_info is empty' })
  }
  if (!toFlag(user.auth)) throw new AppError('PROVIDER_REFUSED', { message: `auth ${toText(user.auth) ?? 'missing'}` })
  return payload
}
