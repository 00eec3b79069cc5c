import 'server-only'
import webPush from 'web-push'
import { AppError } from '@/lib/kernel/errors'
import { HOUR, SECOND } from '@/lib/kernel/time'
import { env } from '../env'
import { safeFetch, safeFetchSettings } from '../fetch'
import { shared } from '../shared'
import { parsePushEndpoint } from './endpoint'
import { vapidKeys } from './vapid-store'

/** What a browser gave us: where its messages go, and how they are closed. */
export interface PushTarget {
  endpoint: string
  keys: { p256dh: string; auth: string }
}

export interface PushMessage {
  /** At most 3 KB. */
  text: string
  /** A message of the same topic that was not delivered yet is replaced by this one. Up to 32 of A-Z a-z 0-9 - _ */
  topic: string
  /** How long the service keeps it for a device that is away. */
  ttlSeconds: number
  /** Awaited just before the service is given the message; when it fails the service gets nothing. */
  beforeBody?: () => Promise<void>
}

/**
 * `gone`: the subscription does not exist any more. `wait`: later, after `retryAfterSeconds` when the service says so.
 * `refused`: never with this message. `keys`: the service does not believe our signature.
 */
export type PushOutcome =
  | { kind: 'sent' | 'gone' | 'refused' | 'keys'; status: number }
  | { kind: 'wait'; status: number; retryAfterSeconds: number | null }

/** Longest time for one message, all in all; claims of senders outlive it. */
export const PUSH_DEADLINE_MS = 8 * SECOND
const SIGNATURE_MS = 6 * HOUR

/** One signature a service and six hours: making one costs more than closing a message. */
async function signFor(origin: string): Promise<string> {
  const signed = shared('push-signatures', () => new Map<string, { header: string; until: number }>())
  const held = signed.get(origin)
  if (held && held.until > Date.now()) return held.header
  const { publicKey, privateKey } = await vapidKeys()
  const expires = Math.floor((Date.now() + 2 * SIGNATURE_MS) / SECOND)
  const headers = webPush.getVapidHeaders(origin, subject(), publicKey, privateKey, 'aes128gcm', expires)
  signed.set(origin, { header: headers.Authorization, until: Date.now() + SIGNATURE_MS })
  return headers.Authorization
}

/** Whom a push service may turn to: our https address, or else a mail address (RFC 8292 takes nothing else). */
function subject(): string {
  const { PUBLIC_URL, MAIL_FROM } = env()
  if (PUBLIC_URL.startsWith('https:')) return PUBLIC_URL
  return `mailto:${/<([^>]+)>/.exec(MAIL_FROM)?.[1] ?? MAIL_FROM}`
}

/** @throws PUSH_ENDPOINT_NOT_ALLOWED and the UPSTREAM_* codes: nobody knows then whether it arrived */
export async function sendPush(target: PushTarget, message: PushMessage, signal?: AbortSignal): Promise<PushOutcome> {
  const url = parsePushEndpoint(target.endpoint, safeFetchSettings())
  const request = webPush.generateRequestDetails(target, message.text, {
    TTL: message.ttlSeconds,
    urgency: 'high',
    topic: message.topic,
    headers: { Authorization: await signFor(url.origin) },
  })
  const answer = await safeFetch({
    url: url.href,
    method: 'POST',
    headers: Object.fromEntries(Object.entries(request.headers ?? {}).map(([name, value]) => [name, String(value)])),
    body: request.body,
    ...(message.beforeBody ? { beforeBody: message.beforeBody } : {}),
    headersTimeoutMs: PUSH_DEADLINE_MS,
    totalTimeoutMs: PUSH_DEADLINE_MS,
    maxRedirects: 0,
    maxBytes: 65_536,
    ...(signal ? { signal } : {}),
  })
  answer.cancel()
  return toOutcome(answer.status, answer.headers['retry-after'])
}

function toOutcome(status: number, retryAfter: string | undefined): PushOutcome {
  if (status >= 200 && status < 300) return { kind: 'sent', status }
  if (status === 404 || status === 410) return { kind: 'gone', status }
  if (status === 401 || status === 403) return { kind: 'keys', status }
  if (status === 429 || status >= 500) return { kind: 'wait', status, retryAfterSeconds: toSeconds(retryAfter) }
  return { kind: 'refused', status }
}

/** Retry-After as seconds or as a date. */
function toSeconds(text: string | undefined): number | null {
  if (text === undefined) return null
  if (/^\d{1,6}$/.test(text)) return Number(text)
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - Date.now()) / SECOND))
}

const POINT_BYTES = 65
const AUTH_BYTES = 16

/** Checks what a browser sent before it is stored. @throws PUSH_ENDPOINT_NOT_ALLOWED, INVALID_PARAMETER */
export function requirePushTarget({ endpoint, keys }: PushTarget): void {
  parsePushEndpoint(endpoint, safeFetchSettings())
  const point = Buffer.from(keys.p256dh, 'base64url')
  if (point.length !== POINT_BYTES || point[0] !== 4) throw new AppError('INVALID_PARAMETER', { field: 'keys.p256dh' })
  if (Buffer.from(keys.auth, 'base64url').length !== AUTH_BYTES) throw new AppError('INVALID_PARAMETER', { field: 'keys.auth' })
}
