import type { PlaybackView } from '@/lib/playback/schema'
import { findCapabilities, learnKeySystems } from './capabilities'
import { failureOfError } from './failure'
import type { PlaybackApi } from './playback-api'
import type { PlayerSnapshot } from './player-snapshot'

export interface OpenWish {
  itemId: number
  sourceId?: number
  /** Begin here instead of where the viewer left off. */
  startSeconds?: number
  /** Of a channel: replay what was on at this moment (ISO). */
  from?: string
  /** The server is to make it anew: what came could not be decoded. */
  convert?: 'audio' | 'all'
  /** Begin with the smallest picture. */
  lowest?: boolean
  /** Lines of the highest picture that is wanted now, whatever the data saver says. */
  maxHeight?: number
}

interface Opening {
  video: HTMLVideoElement
  api: PlaybackApi
  wish: OpenWish
  signal: AbortSignal
  /** Settles when the session before has been given back. */
  freed?: Promise<void>
  /** Gives back the session that still plays, when there is room for one only. */
  release?: () => Promise<void>
}

export function withoutSource({ sourceId: _, ...wish }: OpenWish): OpenWish {
  return wish
}

/** The same wish with a picture of at most so many lines. */
export function atMost({ maxHeight: _, ...wish }: OpenWish, maxHeight: number | undefined): OpenWish {
  return maxHeight === undefined ? wish : { ...wish, maxHeight }
}

/** The same wish, from where the picture stands now, with any source. */
export function fromHere(wish: OpenWish, { session, position }: Pick<PlayerSnapshot, 'session' | 'position'>): OpenWish {
  return session && !session.live && position > 0 ? { ...withoutSource(wish), startSeconds: position } : withoutSource(wish)
}

async function ask({ video, api, wish, signal }: Opening): Promise<PlaybackView> {
  const { lowest: _, startSeconds: __, ...wanted } = wish
  const input = { capabilities: findCapabilities(video), ...wanted }
  // Not cancelled when overtaken: a session the server has opened must come back here to be closed.
  const view = await api.open(input)
  if (signal.aborted) void api.close(view.sessionId).catch(() => {})
  signal.throwIfAborted()
  return view
}

/** Does a second question make sense now? */
async function helps(code: string, { freed, release }: Opening): Promise<boolean> {
  if (code === 'KEY_SYSTEMS_WANTED' || code === 'DRM_UNSUPPORTED') return learnKeySystems()
  if (code !== 'PROVIDER_LIMIT') return false
  await (freed ?? release?.())
  return true
}

/**
 * Opens a session. The only stream of a provider may still be our own former one, and what is protected needs to know what unlocks it
 * here: either is worth one second question.
 */
export async function openSession(opening: Opening): Promise<PlaybackView> {
  try {
    return await ask(opening)
  } catch (error) {
    const { code } = failureOfError(error)
    if (opening.signal.aborted || !(await helps(code, opening))) throw error
    return ask(opening)
  }
}
