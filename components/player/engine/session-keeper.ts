import { SECOND, sleep } from '@/lib/kernel/time'
import type { PlaybackView, TouchInput } from '@/lib/playback/schema'
import type { PlaybackApi } from './playback-api'

interface KeeperEvents {
  where: () => TouchInput
  onFreshUrl: (sessionId: string, url: string) => void
  /** The device has a network again. */
  onOnline: () => void
  /** The page came back from the browser's own cache; its session is gone. */
  onReturn: () => void
}

export interface SessionKeeper {
  hold: (view: PlaybackView) => void
  /** Whether this session is the one that is kept. */
  holds: (sessionId: string) => boolean
  touch: () => void
  /** Gives the session back, after so many ms; resolves when the server has let go of its slot. */
  release: (afterMs?: number) => Promise<void>
  destroy: () => void
}

/** Keeps one playback session alive at the server, and gives it back whichever way the viewer leaves. */
export function createSessionKeeper(api: PlaybackApi, events: KeeperEvents): SessionKeeper {
  let held: PlaybackView | null = null
  let url = ''
  let timer: ReturnType<typeof setInterval> | undefined
  const page = new AbortController()
  /** Sessions on their way out, with where they stood; a page that closes meanwhile would cancel those calls. */
  const leaving = new Map<string, TouchInput>()

  const touch = () => {
    const session = held
    if (!session) return
    // A lost touch is no failure: if the session is really gone, the stream itself says so.
    api
      .touch(session.sessionId, events.where())
      .then(({ url: fresh }) => {
        if (!fresh || fresh === url || held !== session) return
        url = fresh
        events.onFreshUrl(session.sessionId, fresh)
      })
      .catch(() => {})
  }
  const drop = (): PlaybackView | null => {
    const session = held
    clearInterval(timer)
    held = null
    return session
  }
  const leave = () => {
    const session = drop()
    if (session) leaving.set(session.sessionId, events.where())
    for (const [id, where] of leaving) api.closeNow(id, where)
    leaving.clear()
  }
  window.addEventListener('pagehide', leave, { signal: page.signal })
  window.addEventListener('online', events.onOnline, { signal: page.signal })
  window.addEventListener('pageshow', event => event.persisted && events.onReturn(), { signal: page.signal })

  return {
    hold: view => {
      drop()
      held = view
      url = view.url
      timer = setInterval(touch, view.touchSeconds * SECOND)
    },
    holds: sessionId => held?.sessionId === sessionId,
    touch,
    release: async (afterMs = 0) => {
      const session = held
      if (!session) return
      const where = events.where()
      drop()
      leaving.set(session.sessionId, where)
      if (afterMs > 0) await sleep(afterMs)
      if (!leaving.has(session.sessionId)) return
      if (where.durationSeconds > 0) await api.touch(session.sessionId, where).catch(() => {})
      if (!leaving.has(session.sessionId)) return
      await api.close(session.sessionId).catch(() => {})
      leaving.delete(session.sessionId)
    },
    destroy: () => {
      // Not at once: the calls of a release that has just begun are still under way.
      setTimeout(() => page.abort(), 5 * SECOND)
    },
  }
}
