import { expect } from 'vitest'
import type { Viewer } from '@/lib/accounts/schema'
import { listFrames } from '@/lib/playback/archive/archive.test-support'
import type { PlaybackInput, PlaybackView } from '@/lib/playback/schema'
import { addProvider, importNow } from './catalogue-steps'
import type { GatewayWorld } from './gateway-world'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const capabilities: PlaybackInput['capabilities'] = { video: ['h264'], audio: ['aac', 'mp3'], containers: ['mp4'] }

export interface Replayable {
  id: number
  /** The provider's own number. */
  stream: string
  archiveDays: number
}

let world: GatewayWorld
let playback: typeof import('@/lib/playback')
export const opened: [Viewer, string][] = []

/** Before anything else of this file. */
export async function replayIn(made: GatewayWorld): Promise<void> {
  world = made
  playback = await import('@/lib/playback')
}

/** After each test: what it opened is closed, and the provider has been asked nothing. */
export async function closeReplays(): Promise<void> {
  for (const [who, id] of opened.splice(0)) await playback.closePlayback(who, id)
  world.provider.stats.archives.length = 0
}

export async function channelsOf(providerId: number, archived = true): Promise<Replayable[]> {
  const { pool } = await import('@/lib/platform/db')
  const { rows } = await pool().query<Replayable>(
    `SELECT i.id, s.provider_item_id AS stream, i.archive_days AS "archiveDays" FROM source s JOIN item i ON i.id = s.item_id
     WHERE s.provider_id = $1 AND s.kind = 'channel' AND (i.archive_days > 0) = $2 ORDER BY s.position`,
    [providerId, archived],
  )
  return rows
}

export const firstChannel = async (providerId = world.providerId) => (await channelsOf(providerId))[0] as Replayable

/** A channel of a provider whose archive comes in this form, and its owner. */
export async function channelOf(login: string): Promise<{ who: Viewer; id: number; channel: Replayable }> {
  const who = await world.makeViewer()
  const id = await addProvider(world, who, login)
  await importNow(who, id)
  world.provider.stats.archives.length = 0
  return { who, id, channel: await firstChannel(id) }
}

export async function open(channel: { id: number }, from: number | Date, who = world.viewer): Promise<PlaybackView> {
  const view = await playback.openPlayback(who, { itemId: channel.id, capabilities, from: new Date(from).toISOString() })
  opened.push([who, view.sessionId])
  return view
}

export const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'accepted',
    error => error.code,
  )
export const get = (path: string) => fetch(`${world.base}${path}`)
export const partOf = (view: PlaybackView, name: string) => view.url.replace('index.m3u8', name)
export const listOf = async (view: PlaybackView) => (await get(partOf(view, 'programme.m3u8'))).text()

export async function segmentOf(view: PlaybackView, number: number): Promise<Buffer> {
  const answer = await get(partOf(view, `${number}.ts`))
  expect([answer.status, answer.headers.get('x-error-code')]).toEqual([200, null])
  return Buffer.from(await answer.arrayBuffer())
}

/** What the provider itself sends of a minute. */
export async function sentAt(channel: Replayable, at: number, login = 'normal'): Promise<Buffer> {
  const answer = await fetch(`${world.providerUrl}/timeshift/${login}/pass/1/${at / 1_000}/${channel.stream}.ts`)
  return Buffer.from(await answer.arrayBuffer())
}

export const prints = (bytes: Buffer, count: number) =>
  listFrames(bytes)
    .slice(0, count)
    .map(({ print }) => print)
export const asked = () =>
  world.provider.stats.archives.map(({ start, answer }) => `${new Date(start * 1_000).toISOString().slice(11, 16)} ${answer}`)
export const clock = (at: number | Date) => new Date(at).toISOString().slice(11, 16)
