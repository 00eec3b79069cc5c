import { sendJson, sendPage, sendText } from './replies.ts'
import { wallClock } from './rows.ts'
import type { Scenario } from './scenarios.ts'
import type { Exchange, Login } from './world.ts'
import { behaviour } from './world.ts'

export const PASSWORD = 'pass'
/** `normal.secret-X` has the password `pass-X`: a secret that occurs nowhere else, for tests that look for leaks. */
export function passwordOf(username: string): string {
  const secret = /\.secret-(\w+)$/.exec(username)?.[1]
  return secret ? `${PASSWORD}-${secret}` : PASSWORD
}

const CREATED = 1_700_000_000

const epochNow = () => Math.floor(Date.now() / 1000)

export function findLogin(x: Exchange, username: string, password: string): Login | null {
  return password === passwordOf(username) ? x.world.login(username) : null
}

/** Bad credentials for the two API files, in the manner of the panel that the user name belongs to. */
export function refuseLogin(x: Exchange, username: string): void {
  const panel = x.world.login(username)?.scenario.panel ?? 'classic'
  if (panel === 'xui') sendPage(x.res, 404, '404 Not Found')
  else if (panel === 'reserver') sendJson(x.res, { error: 'Unauthorized' }, 401)
  else sendJson(x.res, { user_info: { auth: 0 } })
}

export function refuseStream(x: Exchange, username: string): void {
  const panel = x.world.login(username)?.scenario.panel ?? 'classic'
  if (panel === 'xui') sendPage(x.res, 404, '404 Not Found')
  else sendText(x.res, panel === 'reserver' ? 403 : 401, '')
}

const expiry = (status: Scenario['status']) => (status === 'Expired' ? epochNow() - 86_400 * 12 : 1_924_905_600)

export function accountPayload(x: Exchange, login: Login) {
  const { status, maxConnections, zone, hlsOnly } = behaviour(x.world, login)
  const address = new URL(x.origin)
  const now = epochNow()
  return {
    user_info: {
      username: login.name,
      password: passwordOf(login.name),
      message: '',
      auth: 1,
      status,
      exp_date: String(expiry(status)),
      is_trial: '0',
      active_cons: String(login.streams.size),
      created_at: String(CREATED),
      max_connections: String(maxConnections),
      allowed_output_formats: hlsOnly ? ['m3u8'] : ['m3u8', 'ts'],
    },
    server_info: {
      url: address.hostname,
      port: address.port || '80',
      https_port: '443',
      server_protocol: 'http',
      rtmp_port: '1935',
      timezone: zone.name,
      timestamp_now: now,
      time_now: wallClock(now, zone.minutes),
    },
  }
}
