import { endOfLine, isLineEnded, type LineRecord } from '@/lib/accounts'
import type { Origin } from './origin'

/** What the account answer says of a line. Shapes: protocols.md 1.2, each from an app that breaks otherwise. */
export interface AccountFacts {
  username: string
  password: string
  status: 'Active' | 'Expired'
  expiresAt: Date | null
  createdAt: Date
  maxConnections: number
  activeConnections: number
  formats: readonly string[]
}

/** Apps that call int() on exp_date break on null, so a line without an end gets one far away. 2099-12-31. */
const NEVER = 4_102_358_400

const seconds = (date: Date): string => String(Math.floor(date.getTime() / 1_000))

export function renderUserInfo(facts: AccountFacts) {
  return {
    username: facts.username,
    password: facts.password,
    message: '',
    auth: 1,
    status: facts.status,
    exp_date: facts.expiresAt === null ? String(NEVER) : seconds(facts.expiresAt),
    is_trial: '0',
    active_cons: String(facts.activeConnections),
    created_at: seconds(facts.createdAt),
    max_connections: String(facts.maxConnections),
    allowed_output_formats: facts.formats,
  }
}

/** The answer to a login, and to every action that nobody knows. */
export function renderAccount(known: { line: LineRecord; origin: Origin; password: string; activeConnections: number }) {
  const { line, origin, password, activeConnections } = known
  const now = new Date()
  const status = isLineEnded(line) ? 'Expired' : 'Active'
  return {
    user_info: renderUserInfo({ ...line, expiresAt: endOfLine(line), password, status, activeConnections }),
    server_info: { ...renderPlace(origin), ...renderClock(now) },
  }
}

/** The same as text, all but its end, which `renderAccountEnd` tells for each second. */
export function renderAccountHead(known: Parameters<typeof renderAccount>[0]): string {
  const { user_info, server_info } = renderAccount(known)
  const { timestamp_now, time_now, ...place } = server_info
  return `${JSON.stringify({ user_info, server_info: place }).slice(0, -2)},`
}

let end = { second: 0, text: '' }

/** The clock, for whoever asks within the same second. */
export function renderAccountEnd(): string {
  const now = Date.now()
  const second = Math.floor(now / 1_000)
  if (second !== end.second) end = { second, text: `${JSON.stringify(renderClock(new Date(now))).slice(1)}}` }
  return end.text
}

function renderPlace({ protocol, hostname, port }: Origin) {
  return {
    url: hostname,
    port: protocol === 'http' ? port : '80',
    https_port: protocol === 'https' ? port : '443',
    server_protocol: protocol,
    rtmp_port: '1935',
    timezone: 'UTC',
  }
}

/** UTC is the one zone in which the times of every app come out right (protocols.md 3.4). */
const renderClock = (now: Date) => ({ timestamp_now: Math.floor(now.getTime() / 1_000), time_now: wallClock(now) })

/** `YYYY-MM-DD HH:MM:SS` in UTC. */
export const wallClock = (date: Date): string => date.toISOString().slice(0, 19).replace('T', ' ')

/** Old apps read the body only when the status is 200. */
export const refusedLogin = {
  user_info: { auth: 0, status: 'Disabled', message: 'Invalid credentials' },
} as const
