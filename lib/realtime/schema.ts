import { z } from 'zod'

/** docs/realtime.md describes all of this for other apps. */
export const REALTIME_PATH = '/realtime'

/** Good for one connection, for half a minute. */
export interface TicketView {
  ticket: string
  expiresIn: number
  path: string
}

/** What is told to whom it concerns: what changed, by its ids. What it is now is asked for where it always is. */
export interface Topics {
  'guide.changed': { sourceId: number; providerId: number | null }
  'catalogue.changed': { providerIds: number[] }
  'provider.changed': { providerId: number }
  'import.progress': { importId: number; providerId: number; state: string; progress: number }
  'favourite.changed': { itemId: number }
  /** Null: the whole history was forgotten. */
  'history.changed': { itemId: number | null }
  /** What the profile in use sees is another now. */
  'profile.changed': Record<string, never>
  /** Languages, the look of subtitles and the sound that the profile in use chose for the player. */
  'choices.changed': Record<string, never>
  'notification.made': Record<string, never>
  'notification.changed': Record<string, never>
  'playback.ended': { id: string }
  /** For administrators: a channel became bad for everyone, or well again. */
  'quality.alert': { itemId: number }
}
export type TopicName = keyof Topics

export type News = { [Name in TopicName]: { topic: Name; data: Topics[Name] } }[TopicName]

export type ServerMessage =
  /** After what was missed has been told. Not resumed: what was missed since is not known any more, as with `reset`. */
  | { type: 'welcome'; cursor: string; resumed: boolean }
  /** Something may have been missed: what is shown is to be asked for again. */
  | { type: 'reset'; cursor: string }
  | ({ type: 'news'; id: string } & News)
  /** Everything up to the cursor has been told. */
  | { type: 'pong'; cursor: string | null }
  | { type: 'error'; code: 'WS_BAD_MESSAGE'; message: string }

export const ClientMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello'), ticket: z.string().max(100), since: z.string().max(64).optional() }),
  z.strictObject({ type: z.literal('ping') }),
])
export type ClientMessage = z.infer<typeof ClientMessage>

/** Codes a connection is closed with, beside the protocol's own. */
export const closeCodes = {
  /** Another process takes over: connect again after a moment. */
  restart: 1012,
  /** Messages were not read as fast as they came: connect again and resume. */
  slow: 1013,
  /** Not what this protocol allows. */
  misuse: 1008,
  /** The ticket is unknown, used or too old: fetch another. */
  ticket: 4401,
  /** The sign-in has ended: nothing to connect again with. */
  signedOut: 4403,
  /** No ticket in time. */
  silent: 4408,
  /** This device or account has as many connections as one may have. */
  tooMany: 4429,
} as const
