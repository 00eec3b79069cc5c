import { type APIRequestContext, expect } from '@playwright/test'
import { address } from './world'

/** What another app is told: its login, and where to go with it. */
export interface Login {
  username: string
  password: string
}

export interface Device extends Login {
  id: number
}

export interface Stream {
  bytes(): number
  /** Resolves when the server ends it, or `stop` does. */
  ended: Promise<void>
  stop(): void
}

export async function addDevice(api: APIRequestContext, input: { name: string; maxConnections?: number }): Promise<Device> {
  const answer = await api.post('/api/lines', { data: input })
  expect(answer.status(), await answer.text()).toBe(201)
  const { line, password } = await answer.json()
  return { id: line.id, username: line.username, password }
}

const player = 'TiviMate/4.7.0 (Android 11)'
const query = ({ username, password }: Login) => `username=${username}&password=${password}`

/** player_api.php as apps call it. */
export const askPanel = (login: Login, action = ''): Promise<Response> =>
  fetch(`${address}/player_api.php?${query(login)}${action ? `&action=${action}` : ''}`, { headers: { 'user-agent': player } })

/** What the panel says to these credentials. Apps read it in the answer; the status is 200 either way. */
export async function signsIn(login: Login): Promise<boolean> {
  const { user_info: user } = await (await askPanel(login)).json()
  return user.auth === 1
}

/** The status of its playlist, which is refused in the open. */
export const playlistStatus = async (login: Login): Promise<number> =>
  (await fetch(`${address}/get.php?${query(login)}&type=m3u_plus&output=ts`)).status

/** The number under which a device knows the first channel whose name has this in it. */
export async function channelOf(login: Login, name: string): Promise<number> {
  const channels: { stream_id: number; name: string }[] = await (await askPanel(login, 'get_live_streams')).json()
  const found = channels.find(channel => channel.name.includes(name))
  expect(found, name).toBeDefined()
  return found?.stream_id ?? 0
}

/** Plays a live channel the way an app does, until the server ends it or `stop` is called. */
export async function playLive({ username, password }: Login, channel: number, app = player): Promise<Stream> {
  const abort = new AbortController()
  const answer = await fetch(`${address}/live/${username}/${password}/${channel}.ts`, {
    headers: { 'user-agent': app },
    signal: abort.signal,
  })
  expect(answer.status).toBe(200)
  let bytes = 0
  const read = async () => {
    for await (const part of answer.body ?? []) bytes += part.byteLength
  }
  // However a stream ends, cut off or finished, it has ended.
  const ended = read().catch(() => {})
  return { bytes: () => bytes, ended, stop: () => abort.abort() }
}
